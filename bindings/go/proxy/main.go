// Command proxy writes a module into a tree that GOPROXY can name: its zip, its go.mod, and what says that they are
// there. The zip is the same for the same sources.
package main

import (
	"archive/zip"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

func main() {
	if len(os.Args) != 5 {
		fmt.Fprintln(os.Stderr, "usage: proxy FOLDER MODULE VERSION LICENCES")
		os.Exit(2)
	}
	if err := write(os.Args[1], os.Args[2], os.Args[3], os.Args[4]); err != nil {
		fmt.Fprintln(os.Stderr, "proxy:", err)
		os.Exit(1)
	}
}

// write packs the module in the present folder, with the licences of another.
func write(folder, module, version, licences string) error {
	versions := filepath.Join(folder, filepath.FromSlash(module), "@v")
	if err := os.MkdirAll(versions, 0o777); err != nil {
		return err
	}
	file, err := os.Create(filepath.Join(versions, version+".zip"))
	if err != nil {
		return err
	}
	err = pack(file, module+"@"+version+"/", licences)
	// What could not be written may be told of only here.
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	described, err := os.ReadFile("go.mod")
	if err != nil {
		return err
	}
	for name, content := range map[string]string{
		"list":            version + "\n",
		version + ".info": fmt.Sprintf("{\"Version\":%q}\n", version),
		version + ".mod":  string(described),
	} {
		if err := os.WriteFile(filepath.Join(versions, name), []byte(content), 0o666); err != nil {
			return err
		}
	}
	return nil
}

// pack writes the zip of the module in the present folder.
func pack(to io.Writer, prefix, licences string) error {
	archive := zip.NewWriter(to)
	names, err := members(".")
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := add(archive, prefix+name, filepath.FromSlash(name)); err != nil {
			return err
		}
	}
	for _, name := range []string{"LICENSE-APACHE", "LICENSE-MIT"} {
		if err := add(archive, prefix+name, filepath.Join(licences, name)); err != nil {
			return err
		}
	}
	return archive.Close()
}

// members are the files of the module, in order: Go's, its go.mod and its README. Folders are other modules.
func members(folder string) ([]string, error) {
	entries, err := fs.ReadDir(os.DirFS(folder), ".")
	var names []string
	for _, entry := range entries {
		name := entry.Name()
		if entry.Type().IsRegular() && (path.Ext(name) == ".go" || name == "go.mod" || name == "README.md") {
			names = append(names, name)
		}
	}
	if err == nil && !strings.Contains(strings.Join(names, "\n"), "go.mod") {
		err = fmt.Errorf("there is no module in %s", folder)
	}
	return names, err
}

func add(archive *zip.Writer, name, from string) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	member, err := archive.Create(name)
	if err != nil {
		return err
	}
	_, err = member.Write(content)
	return err
}
