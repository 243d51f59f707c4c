"""A whole reset, created and redeemed, through each language's package and through what its users
would pick instead."""

from contextlib import ExitStack

from crossing import bindings
from runner import EQUAL
from samples import summary
from table import at_most

WARM_UP = 15  # rounds; Java compiles what is called often
TARGET = 1  # ours as a share of theirs, at most


def peers(programs):
    """By language, what is used there instead, and its program."""
    return {
        "Python": ("Django", programs.python("django_peer")),
        "Ruby": ("Devise", programs.ruby_peer("devise_peer")),
        "PHP": ("Laravel", programs.php_peer("laravel_peer")),
        "Java": ("Spring Security", programs.java("peers", "SpringPeer")),
        "Node": ("better-auth", programs.node("peers", "better_auth_peer")),
    }


def measure(runner):
    with ExitStack() as stack:
        folder = runner.folder("peers")

        def start(label, program):
            return runner.start_checked(stack, label, program, EQUAL, folder)

        ours = bindings(runner.programs)
        pairs = {
            language: (
                start(f"reset-password, {language}", ours[language]),
                start(name, program),
            )
            for language, (name, program) in peers(runner.programs).items()
        }
        lanes = [one for pair in pairs.values() for one in pair]
        samples = {one: {"create": [], "redeem": [], "both": []} for one in lanes}
        title = "against what one would use instead"
        for number in runner.rounds(title, WARM_UP, runner.options.rounds):
            for one in lanes[:: 1 if number % 2 == 0 else -1]:
                answer = one.ask("reset", password=runner.password())
                if number >= 0:
                    create, redeem = answer["create_ns"], answer["ns"]
                    for part, ns in zip(samples[one], (create, redeem, create + redeem)):
                        samples[one][part].append(ns)

        def described(one):
            parts = {part: summary(each) for part, each in samples[one].items()}
            return {"label": one.label, "stored": one.stored, **parts}

        return {
            language: {"ours": described(ours), "peer": described(peer)}
            for language, (ours, peer) in pairs.items()
        }


def render(section, record):
    lines = [
        "",
        "== against what one would use instead, by language: a reset created and redeemed ==",
        "",
        cells("median ms", "create", "redeem", "both", "middle half", "ours ÷ it", "target"),
    ]
    for pair in section.values():
        ours, peer = pair["ours"], pair["peer"]
        share = ours["both"]["median_ns"] / peer["both"]["median_ns"]
        lines.append(cells(*columns(ours, ours["label"])))
        versions = record["contenders"][peer["label"]]
        name = f"{peer['label']} {versions[peer['label']]}"
        lines.append(cells(*columns(peer, name), f"{share:.2f}", at_most(share, TARGET)))
        stored = f", stored as {peer['stored']}" if peer["stored"] else ""
        lines.append(f"      {versions['hash']}{stored}")
        lines.append(f"      {versions['database']}")
    stored = {pair["ours"]["stored"] for pair in section.values()}
    lines.append(f"  ours: stored as {', '.join(stored)}, a file with WAL and synchronous=FULL")
    return lines


def columns(it, label):
    both = it["both"]
    medians = [f"{it[part]['median_ns'] / 1e6:.2f}" for part in ("create", "redeem", "both")]
    return label, *medians, f"{both['low_ns'] / 1e6:.2f}–{both['high_ns'] / 1e6:.2f}"


def cells(label, create, redeem, both, half, share="", last=""):
    text = f"  {label:<28}{create:>9}{redeem:>9}{both:>9}{half:>17}{share:>11}   {last}"
    return text.rstrip()
