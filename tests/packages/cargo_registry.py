"""A registry for cargo, of files: the index that it reads, made of packed crates (RFC 2789)."""

import hashlib
import json
import pathlib
import re
import tarfile
import tomllib

CRATES_IO = "https://github.com/rust-lang/crates.io-index"


def make(folder, crates):
    """Lays out the registry in a folder; `{base}` in its configuration is where it will be served."""
    (folder / "crates").mkdir(parents=True)
    ours = {re.sub(r"-\d.*", "", pathlib.Path(path).stem) for path in crates}
    for path in crates:
        with tarfile.open(path) as archive:
            manifest = next(member for member in archive if re.fullmatch(r"[^/]+/Cargo\.toml", member.name))
            described = tomllib.loads(archive.extractfile(manifest).read().decode())
        data = path.read_bytes()
        (folder / "crates" / path.name).write_bytes(data)
        package = described["package"]
        features = dict(described.get("features", {}))
        entry = {
            "name": package["name"], "vers": package["version"], "deps": list(dependencies(described, ours)),
            "cksum": hashlib.sha256(data).hexdigest(), "features": {}, "features2": features, "v": 2, "yanked": False,
            "rust_version": package.get("rust-version"),
        }
        name = package["name"]
        place = folder / "index" / name[:2] / name[2:4] / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(entry) + "\n")


def dependencies(described, ours):
    """The dependencies of a crate, as an index has them."""
    tables = [(None, described)]
    tables += [(target, table) for target, table in described.get("target", {}).items()]
    for target, table in tables:
        for kind, key in (("normal", "dependencies"), ("build", "build-dependencies"), ("dev", "dev-dependencies")):
            for name, one in table.get(key, {}).items():
                one = {"version": one} if isinstance(one, str) else one
                package = one.get("package", name)
                yield {
                    "name": name, "req": one["version"], "features": one.get("features", []),
                    "optional": one.get("optional", False), "default_features": one.get("default-features", True),
                    "target": target, "kind": kind, "package": package if package != name else None,
                    "registry": None if package in ours else CRATES_IO,
                }
