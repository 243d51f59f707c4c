"""The table that a person reads."""

import textwrap


def render(record, sections):
    lines = head(record)
    for name, section in sections.items():
        lines += section.render(record[name], record)
    lines += ["", "== versions ==", ""] + versions(record)
    return "\n".join(lines)


def head(record):
    machine, load = record["machine"], record["load"]
    lines = [
        f"{machine['cpu']}, {machine['cores']} cores, {machine['memory_gib']} GiB,"
        f" Linux {machine['kernel']}, databases on {machine['file_system']}",
        f"medians of {record['rounds']} interleaved rounds, with the middle half of the samples",
        f"meanwhile other programs used {load['others']:.0%} of the processors,"
        f" and the machine's host took {load['stolen']:.0%}",
    ]
    if machine["file_system"] in ("tmpfs", "ramfs"):
        lines.append("these files are in memory, so no commit waits for a disk: use --scratch")
    return lines


def versions(record):
    tools = record["versions"]
    described = {
        "Rust": f"rustc {tools['rustc']}",
        "reset-password": f"argon2-rust {tools['argon2-rust']}, rusqlite {tools['rusqlite']}",
    }
    if "RustCrypto argon2" in record["contenders"]:
        described["RustCrypto argon2"] = f"argon2 {tools['argon2']}"
    for label, parts in record["contenders"].items():
        parts = {name: value for name, value in parts.items() if name != "callers"}
        database = parts.pop("database", None)
        hashed = parts.pop("hash", None)
        own = [f"{name} {version}" for name, version in parts.items()]
        known = [described[label]] if label in described else []
        described[label] = ", ".join(own + known + [text for text in (hashed, database) if text])
    lines = []
    for label, text in described.items():
        first, *more = textwrap.wrap(text, 68, break_on_hyphens=False)
        lines.append(f"  {label:<32}{first}")
        lines += [" " * 34 + line for line in more]
    return lines
