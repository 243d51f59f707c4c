"""Makes the pages of the site from the documents as they stand in the repository.

A run of fenced blocks in several languages becomes tabs, links between documents become links between pages, and each
error code gets a page, made from docs/reference/errors.md.
"""

import http
import os
import pathlib
import re
import shutil
import sys

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
REFERENCE = "docs/reference/reset-password.md"
ERRORS = "docs/reference/errors.md"
NAMES = {"curl": "curl", "js": "JavaScript", "go": "Go", "python": "Python", "php": "PHP", "ruby": "Ruby",
         "java": "Java", "kotlin": "Kotlin", "swift": "Swift", "c": "C", "rust": "Rust", "cli": "Command line"}
FENCE = r"```(\w+)\n(.*?)^```\n"
# Documents outside docs/, and the page of each.
OTHERS = {"README.md": "readme.md", "CHANGELOG.md": "changelog.md", "SECURITY.md": "security-policy.md",
          "SEMVER.md": "semver.md", "CONTRIBUTING.md": "contributing.md", "examples/README.md": "examples.md",
          **{f"bindings/{name}/README.md": f"languages/{name}.md"
             for name in ("python", "node", "ruby", "java", "php", "go", "c", "uniffi")}}


def pages():
    """Every document, and where its page is."""
    found = dict(OTHERS)
    for path in sorted((ROOT / "docs").rglob("*.md")):
        inside = path.relative_to(ROOT / "docs").as_posix()
        found[f"docs/{inside}"] = inside.replace("README.md", "index.md")
    return found


def read(source):
    return (ROOT / source).read_text(encoding="utf-8")


def title(text):
    return re.search(r"(?m)^# (?:reset-password for )?(.+)$", text)[1].replace("`", "")


def surface(language, code):
    """The tab of a block; a shell's is that of what it calls."""
    if language == "sh":
        return "curl" if re.search(r"(?m)^curl ", code) else "cli"
    return language


def tabs(blocks, below=None):
    """Blocks of several languages, a tab each, with what stands below each."""
    made = []
    for name in NAMES:
        for language, code in blocks:
            if surface(language, code) == name:
                inside = f"```{language}\n{code}```\n" + (below or {}).get(name, "")
                made.append(f'=== "{NAMES[name]}"\n\n' + re.sub(r"(?m)^(?=.)", "    ", inside))
    return "\n".join(made) + "\n"


def with_tabs(text, below=None):
    """The text with its runs of blocks, which a language's name may introduce, as tabs."""
    labels = "|".join((*NAMES.values(), "Node"))
    run = re.compile(rf"(?ms)(?:^(?:(?:{labels}):\n\n)?{FENCE}\n?){{2,}}")

    def replaced(match):
        blocks = re.findall(rf"(?ms)^{FENCE}", match[0])
        kinds = [surface(*block) for block in blocks]
        if len(set(kinds)) < len(kinds) or not set(kinds) <= set(NAMES):
            return match[0]
        return tabs(blocks, below)

    return run.sub(replaced, text)


def signatures(matter):
    """What each operation takes on each surface, as the front matter says."""
    def described(value):
        area, _, key = value.strip("()").partition(".")
        return matter["descriptions"].get(area, {}).get(key, value) if value.startswith("(") else value

    def rows(parameters):
        for each in parameters:
            if not isinstance(each, dict):
                continue
            if each.get("unwrap"):
                yield from rows(each.get("properties", ()))
            else:
                kind = str(each.get("type", "")).replace("|", "\\|")
                yield (f"| `{each['key']}` | {f'`{kind}`' if kind else ''} | "
                       f"{described(str(each.get('description', '')))} |\n")

    found = {}
    for name, operations in matter["reference"].items():
        for operation in operations:
            taken = "".join(rows(operation.get("parameters", ())))
            if taken:
                found.setdefault(operation["id"], {})[name] = (
                    "\n| parameter | type | |\n| --- | --- | --- |\n" + taken)
    return found


def reference(text):
    """The page of what all operations share, and the page of each, with its parameters below the examples."""
    _, matter, body = text.split("---\n", 2)
    taken = signatures(yaml.safe_load(matter))
    first, *sections = re.split(r"(?m)^(?=## )", re.sub(r"(?ms)^<CodeBlock.*?/>\n", "", body))
    operations = {}
    for section in sections:
        name = section[3:].split("\n", 1)[0]
        if re.fullmatch(r"[a-z_]+", name):
            operations[name] = "#" + with_tabs(section, taken.get(name)).removeprefix("##")
        else:
            first += with_tabs(section)
    listed = "".join(f"- [`{name}`](#{name})\n" for name in operations)
    return first + f"## Each operation\n\n{listed}", operations


def linked(text, source, place, places):
    """The text of a document, as it stands at a place, with links to pages; what is no page keeps its words."""
    here = os.path.dirname(place)

    def replaced(match):
        words, target = match[1], match[2]
        if re.match(r"(https?:|mailto:)", target):
            return match[0]
        path, mark, anchor = target.partition("#")
        meant = os.path.normpath(os.path.join(os.path.dirname(source), path)) if path else source
        if f"{meant}#{anchor}" in places:
            return f"[{words}]({os.path.relpath(places[f'{meant}#{anchor}'], here or '.')})"
        if meant in places:
            return f"[{words}]({os.path.relpath(places[meant], here or '.')}{mark}{anchor})"
        if f"{meant}/README.md" in places:
            return f"[{words}]({os.path.relpath(places[f'{meant}/README.md'], here or '.')}{mark}{anchor})"
        if not (ROOT / meant).exists():
            sys.exit(f"{source}: {target} leads nowhere")
        return words

    return re.sub(r"(?<!!)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)", replaced, text)


def outside_fences(text, change):
    parts = re.split(r"(?ms)(^ *```.*?^ *```$)", text)
    return "".join(part if number % 2 else change(part) for number, part in enumerate(parts))


def codes(text):
    """Every code, with its message and whether trying again helps."""
    table = text.split("<!-- codes:begin -->")[1].split("<!-- codes:end -->")[0]
    return re.findall(r"(?m)^\| `(\w+)` \| (.+?) \| (\w+) \|$", table)


def statuses():
    """The status that the service gives each code, and the name that it has there, as its source says."""
    source = read("crates/reset-password-server/src/problem.rs").split("Code::ConfigInvalid | Code::Internal", 1)[1]
    source = "Code::ConfigInvalid | Code::Internal" + source.split("Code::UnsupportedMediaType, _)", 1)[0]
    source += "Code::UnsupportedMediaType, _) => (StatusCode::UNSUPPORTED_MEDIA_TYPE, code.as_str()),"
    numbers = {"PAYLOAD_TOO_LARGE": 413, **{status.name: status.value for status in http.HTTPStatus}}
    found, waiting = {}, []
    for code, status, name in re.findall(r"Code::(\w+)(?!\w|\.)(?! *,? *\w*Code)|StatusCode::(\w+), ([^)\n]+)", source):
        if code:
            waiting.append(code)
            continue
        shown = {"INVALID_PARAMETERS": " `invalid_request_parameters`", "Code::Internal.as_str(": " `internal`"}.get(
            name, f" `{name[1:-1]}`" if name.startswith('"') else "")
        for each in waiting:
            found.setdefault(each, []).append(f"{numbers[status]}{shown}")
        waiting = []
    return {re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower(): " or ".join(dict.fromkeys(said)) for name, said in found.items()}


def error_page(code, message, retryable, text, status):
    name = "".join(word.capitalize() for word in code.split("_"))
    meanings = re.findall(rf"(?ms)^\*\*`{code}`\*\*(.*?)(?=^\*\*`|^##)", text)
    if not meanings:
        service = text.split("### Of the HTTP service\n")[1].split("\n## ")[0]
        if f"`{code}`" not in service:
            sys.exit(f"{ERRORS}: nothing says what {code} means")
        meanings = [": answered by the HTTP service alone. What each status means: [HTTP](http.md#errors). "
                    "A call that is refused so changed nothing; mend it, or wait where trying again helps."]
    table = text.split("## In the languages\n")[1]
    table = re.search(r"(?m)(?:^\|.*\n)+", table)[0]
    table = table.replace("UserNotFound", name).replace("USER_NOT_FOUND", code.upper())
    return (f"# `{code}`\n\n> {message}\n\nHTTP status: {status}. Trying again helps: {retryable}.\n\n"
            "## What it means, and what to do\n\n"
            + "\n\n".join(f"`{code}`{meaning.strip()}" if meaning.startswith((":", ",")) else meaning.strip()
                          for meaning in meanings)
            + f"\n\n## In the languages\n\n{table}\nAll codes: [errors.md](errors.md). In HTTP's answers: "
            "[http.md](http.md#errors).\n")


def write(folder, place, text):
    path = folder / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def navigation(places, operations):
    def entry(source):
        return {title(read(source).split("\n---\n", 1)[1] if source == REFERENCE else read(source)): places[source]}

    def under(folder):
        return [entry(source) for source in places if source.startswith(folder) and not source.endswith("README.md")]

    return [
        {"Start": "index.md"}, {"Overview": "readme.md"},
        {"Guides": under("docs/guides/")},
        {"Reference": under("docs/reference/")},
        {"Operations": [{name: f"reference/operations/{name}.md"} for name in operations]},
        {"Errors": [{code: f"errors/{code}.md"} for code, *_ in codes(read(ERRORS))]},
        {"Languages": [entry(source) for source in places if source.startswith("bindings/")]},
        {"Security": [{"What it holds against": "security.md"}, {"Reporting and fixes": "security-policy.md"},
                      {"What is stable": "semver.md"}]},
        {"Project": [{"Architecture": "architecture.md"}, {"Examples": "examples.md"},
                     {"Contributing": "contributing.md"}, {"Changelog": "changelog.md"}]},
        {"Decisions": [{"Decisions": "adr/index.md"}, *under("docs/adr/")]},
    ]


def main():
    work = pathlib.Path(sys.argv[1])
    places = pages()
    errors = read(ERRORS)
    known = [code for code, *_ in codes(errors)]
    shared, operations = reference(read(REFERENCE))
    to = {**places, **{f"docs/errors/{code}.md": f"errors/{code}.md" for code in known},
          **{f"{REFERENCE}#{name}": f"reference/operations/{name}.md" for name in operations}}

    for source, place in places.items():
        text = shared if source == REFERENCE else with_tabs(read(source))
        if source == "docs/README.md":
            call = re.search(r"(?ms)^## reset_password\n(.*?)(?=^## )", read(REFERENCE))[1]
            text = text.replace("<!-- example: reset_password -->\n", tabs(re.findall(rf"(?ms)^{FENCE}", call)))
        if source == ERRORS:
            text = re.sub(r"(?m)^\| `(\w+)` \|",
                          lambda match: f"| [`{match[1]}`](../errors/{match[1]}.md) |" if match[1] in known else match[0],
                          text)
        # Who searches for an operation does not mean the name of a package.
        text = text.replace("# reset-password for ", "# ", 1) if source.startswith("bindings/") else text
        write(work / "docs", place, outside_fences(text, lambda part: linked(part, source, place, to)))
    for name, text in operations.items():
        place = f"reference/operations/{name}.md"
        write(work / "docs", place, outside_fences(text, lambda part: linked(part, REFERENCE, place, to)))
    status = statuses()
    for code, message, retryable in codes(errors):
        place = f"errors/{code}.md"
        page = error_page(code, message, retryable, errors, status[code])
        write(work / "docs", place, outside_fences(page, lambda part: linked(part, ERRORS, place, to)))
    shutil.copytree(ROOT / "docs/guides/figures", work / "docs/guides/figures")
    shutil.copy(ROOT / "docs/site/site.css", work / "docs")
    settings = (ROOT / "docs/site/zensical.yml").read_text(encoding="utf-8")
    write(work, "mkdocs.yml", settings + yaml.safe_dump({"nav": navigation(places, operations)}, sort_keys=False, allow_unicode=True))


if __name__ == "__main__":
    main()
