package netboot

import (
	"go/ast"
	"go/parser"
	"go/token"
	"testing"
)

// What these tests show takes 15 lines at most. The servers under test, which are there already, are not counted.
func TestFifteenLines(t *testing.T) {
	fset := token.NewFileSet()
	for _, file := range []string{"lab_test.go", "namespaces_test.go", "embed_test.go", "scenario_test.go", "profile_test.go", "qemu_test.go"} {
		for _, d := range must(parser.ParseFile(fset, file, nil, 0)).Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			lines := fset.Position(f.Body.Rbrace).Line - fset.Position(f.Body.Lbrace).Line - 1
			if lines > 15 {
				t.Errorf("%s: %s has %d lines", file, f.Name.Name, lines)
			}
		}
	}
}
