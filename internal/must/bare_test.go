package must

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// allowed are the bare skips, by file and function: nothing that a machine could have is lacking there.
var allowed = map[string]string{
	"emulator/tap/taptest/taptest.go Run":                          "the test was skipped inside, where it said what it lacks",
	"emulator/tap/taptest/taptest_test.go TestInside":              "a skip is what is tested",
	"scenarios/mutants/mutants_test.go TestEveryMutantIsCaught":    "make mutants builds them, which takes a minute",
	"scenarios/matrix_test.go TestEachFirmwareInQEMU":              "go test -short leaves out what takes minutes",
	"scenarios/scenarios_test.go TestScenariosInQEMU":              "go test -short leaves out what takes minutes",
	"scenarios/confusion_test.go TestConfusionInRealTime":          "make confusion asks for it, and it takes half an hour",
	"scenarios/families_test.go TestServeNamesEachFamily":          "make families asks for it, and it takes minutes",
	"scenarios/scenarios_test.go check":                            "the scenario says that it is not for this world or server",
	"server/config/dnsmasq/parse_test.go FuzzParse":                "an input that is about other files",
	"server/proxydhcp/fuzz_test.go FuzzDecide":                     "an input that is about other files",
	"server/port_test.go TestHoldersNamesTheProgramThatHasThePort": "there is no /proc where there is no Linux",
}

// TestASkipSaysWhatIsLacking reads this repository: a bare t.Skip would pass for green where BOOTRIG_MUST
// says that nothing is lacking.
func TestASkipSaysWhatIsLacking(t *testing.T) {
	found := map[string]string{}
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch name := d.Name(); {
		case err != nil:
			return err
		case d.IsDir() && (name == "testdata" || path != root && strings.HasPrefix(name, ".")):
			return filepath.SkipDir
		case d.IsDir() || filepath.Ext(name) != ".go":
			return nil
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, function := range bareSkips(f) {
			key := filepath.ToSlash(name) + " " + function
			found[key] = allowed[key]
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	delete(found, "internal/must/must.go Skip")
	if diff := cmp.Diff(allowed, found); diff != "" {
		t.Errorf("must.Skip says what is lacking, a bare skip needs a reason here (-allowed +found):\n%s", diff)
	}
}

// bareSkips are the functions of a file that skip tests otherwise than by this package, or by runnertest,
// which asks this one.
func bareSkips(f *ast.File) []string {
	ours := map[string]bool{}
	for _, i := range f.Imports {
		path, _ := strconv.Unquote(i.Path.Value)
		switch name := filepath.Base(path); {
		case name != "must" && name != "runnertest":
		case i.Name != nil:
			ours[i.Name.Name] = true
		default:
			ours[name] = true
		}
	}
	var functions []string
	for _, d := range f.Decls {
		function, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		ast.Inspect(function, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if s, ok := call.Fun.(*ast.SelectorExpr); ok && (s.Sel.Name == "Skip" || s.Sel.Name == "Skipf" || s.Sel.Name == "SkipNow") {
				if x, ok := s.X.(*ast.Ident); !ok || !ours[x.Name] {
					functions = append(functions, function.Name.Name)
				}
			}
			return true
		})
	}
	return functions
}

func TestABareSkipIsFound(t *testing.T) {
	for call, want := range map[string]bool{
		`must.Skip(t, must.Tap, "x")`: false, `func() { t.Skip("x") }()`: true, `t.Skipf("x")`: true,
		`c.t.SkipNow()`: true, `lacks.Skip(t, lacks.Tap)`: true, `t.Helper()`: false,
	} {
		source := "package x\nimport \"github.com/bootrig/bootrig/internal/must\"\nfunc f() { " + call + " }\n"
		f, err := parser.ParseFile(token.NewFileSet(), "x.go", source, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(bareSkips(f)) > 0; got != want {
			t.Errorf("%s is bare: %t", call, got)
		}
	}
}
