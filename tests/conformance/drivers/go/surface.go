package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"reflect"
	"strconv"
	"strings"
	"sync"
)

// surface is what the source of the installed module declares.
type surface struct {
	functions map[string]*ast.FuncType
	methods   map[string]*ast.FuncType
	structs   map[string]*ast.StructType
	codes     map[string]string
}

var installed struct {
	once sync.Once
	surface
	err error
}

func source() (surface, error) {
	installed.once.Do(func() { installed.surface, installed.err = read(os.Getenv("USERMANAGEMENT_SOURCE")) })
	return installed.surface, installed.err
}

func read(folder string) (surface, error) {
	found := surface{
		functions: map[string]*ast.FuncType{}, methods: map[string]*ast.FuncType{},
		structs: map[string]*ast.StructType{}, codes: map[string]string{},
	}
	if folder == "" {
		return found, errors.New("USERMANAGEMENT_SOURCE must name the folder of the installed module")
	}
	noTests := func(file os.FileInfo) bool { return !strings.HasSuffix(file.Name(), "_test.go") }
	packages, err := parser.ParseDir(token.NewFileSet(), folder, noTests, 0)
	if err != nil {
		return found, err
	}
	for _, file := range packages["usermanagement"].Files {
		for _, declaration := range file.Decls {
			found.add(declaration)
		}
	}
	return found, nil
}

func (s *surface) add(declaration ast.Decl) {
	switch declaration := declaration.(type) {
	case *ast.FuncDecl:
		switch {
		case !declaration.Name.IsExported():
		case declaration.Recv == nil:
			s.functions[declaration.Name.Name] = declaration.Type
		case types.ExprString(declaration.Recv.List[0].Type) == "*Client":
			s.methods[declaration.Name.Name] = declaration.Type
		}
	case *ast.GenDecl:
		for _, spec := range declaration.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				if fields, ok := spec.Type.(*ast.StructType); ok {
					s.structs[spec.Name.Name] = fields
				}
			case *ast.ValueSpec:
				if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "Code" {
					if value, err := strconv.Unquote(types.ExprString(spec.Values[0])); err == nil {
						s.codes[value] = spec.Names[0].Name
					}
				}
			}
		}
	}
}

func codes() (map[string]string, error) {
	found, err := source()
	return found.codes, err
}

// signatures are those of the package's functions: Open, and each that is also a method of a client.
func signatures() (any, error) {
	found, err := source()
	if err != nil {
		return nil, err
	}
	made := map[string]any{"open": found.signature(found.functions["Open"])}
	for name, method := range found.methods {
		function := found.functions[name]
		if function == nil {
			return nil, fmt.Errorf("there is no function %s for the method", name)
		}
		signature := found.signature(function)
		if !reflect.DeepEqual(signature, found.signature(method)) {
			return nil, fmt.Errorf("the function %s is another than the method", name)
		}
		made[snake(name)] = signature
	}
	return made, nil
}

// signature leaves out the context, and of the results the error.
func (s *surface) signature(function *ast.FuncType) map[string]any {
	parameters := []any{}
	for _, parameter := range function.Params.List {
		written := types.ExprString(parameter.Type)
		if written == "context.Context" {
			continue
		}
		described := map[string]any{"name": parameter.Names[0].Name, "required": true, "type": written}
		if options := s.structs[written]; options != nil {
			described["properties"] = properties(options)
		}
		parameters = append(parameters, described)
	}
	results := "nil"
	if list := function.Results.List; len(list) == 2 {
		results = types.ExprString(list[0].Type)
	}
	return map[string]any{"parameters": parameters, "returns": results}
}

// properties are the fields; what can be nil may be left out.
func properties(options *ast.StructType) []any {
	made := []any{}
	for _, field := range options.Fields.List {
		optional := false
		switch field.Type.(type) {
		case *ast.StarExpr, *ast.MapType, *ast.ArrayType:
			optional = true
		}
		for _, name := range field.Names {
			made = append(made, map[string]any{
				"name": name.Name, "required": !optional, "type": types.ExprString(field.Type),
			})
		}
	}
	return made
}
