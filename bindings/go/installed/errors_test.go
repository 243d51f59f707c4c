package installed

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	um "resetpassword.dev/usermanagement"
)

// TestEveryCodeHasAConstant holds the package's constants against the list of the reference.
func TestEveryCodeHasAConstant(t *testing.T) {
	reference, err := os.ReadFile(os.Getenv("ERRORS_REFERENCE"))
	if err != nil {
		t.Fatal("ERRORS_REFERENCE must name docs/reference/errors.md: ", err)
	}
	_, list, _ := strings.Cut(string(reference), "<!-- codes:begin -->")
	list, _, _ = strings.Cut(list, "<!-- codes:end -->")
	want := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `(\\w+)` \\|").FindAllStringSubmatch(list, -1) {
		name := "Err"
		for _, word := range strings.Split(row[1], "_") {
			if word == "id" {
				name += "ID"
			} else {
				name += strings.ToUpper(word[:1]) + word[1:]
			}
		}
		want[name] = row[1]
	}
	got := constants(t)
	if len(want) != 27 || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v\nnot\n%v", got, want)
	}
}

// constants are those of type Code in the module that is installed.
func constants(t *testing.T) map[string]string {
	t.Helper()
	list := exec.Command("go", "list", "-f", "{{.Dir}}", "resetpassword.dev/usermanagement")
	list.Stderr = os.Stderr
	folder, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	packages, err := parser.ParseDir(token.NewFileSet(), strings.TrimSpace(string(folder)), nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	ast.Inspect(packages["usermanagement"], func(node ast.Node) bool {
		declared, ok := node.(*ast.GenDecl)
		if !ok || declared.Tok != token.CONST {
			return true
		}
		for _, spec := range declared.Specs {
			spec := spec.(*ast.ValueSpec)
			if kind, ok := spec.Type.(*ast.Ident); !ok || kind.Name != "Code" {
				continue
			}
			value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			if spec.Doc == nil || !strings.HasPrefix(spec.Doc.Text(), spec.Names[0].Name+" is for ") {
				t.Errorf("%s is not described", spec.Names[0].Name)
			}
			found[spec.Names[0].Name] = value
		}
		return true
	})
	return found
}

func TestErrorsAreFoundWhereverTheyAreWrapped(t *testing.T) {
	client := inMemory(t)
	_, err := client.GetUser(background, um.GetUserOpts{ID: "user_x"})
	wrapped := fmt.Errorf("while reading: %w", err)
	failed := wantCode(t, wrapped, um.ErrUserNotFound)
	if failed.Code != um.ErrUserNotFound || failed.Error() != "there is no such user" || failed.Errors != nil ||
		errors.Is(wrapped, um.ErrNotFound) || um.ErrUserNotFound.Error() != "user_not_found" {
		t.Errorf("%+v", *failed)
	}

	_, err = client.CreateUser(background, um.CreateUserOpts{Email: "", Locale: um.Ptr("not a locale")})
	failed = wantCode(t, err, um.ErrInputInvalid)
	if len(failed.Errors) == 0 || *failed.Errors[0].Field != "email" || failed.Errors[0].Code != "email_required" {
		t.Errorf("%+v", *failed)
	}
	_, err = client.CreateUser(background, um.CreateUserOpts{
		Email: "a@example.com", Password: um.Ptr(password), PasswordHash: um.Ptr("x"),
	})
	wantCode(t, err, um.ErrPasswordAndPasswordHashProvided)
	_, err = client.CreateUser(background, um.CreateUserOpts{Email: "a@example.com", PasswordHash: um.Ptr("x")})
	wantCode(t, err, um.ErrInvalidPasswordHash)
}
