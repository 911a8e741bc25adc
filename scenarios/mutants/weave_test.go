package mutants

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strings"
)

// Which mutant a program is, it asks this package, which there is in a woven program only.
const (
	selector      = "BOOTRIG_MUTANT"
	chooserFile   = "server/internal/mutant/mutant.go"
	chooserPath   = "github.com/bootrig/bootrig/server/internal/mutant"
	chooserSource = "package mutant\n\nimport (\n\"os\"\n\"strconv\"\n)\n\nvar Is, _ = strconv.Atoi(os.Getenv(\"" + selector + "\"))\n"
)

// weave puts all mutants of a file into it: beside each function that one is of stands a copy with the defect in it,
// and by which is called the program chooses when it runs. So there is one program for all.
func weave(file string, source []byte, all []mutant) ([]byte, error) {
	set := token.NewFileSet()
	tree, err := parser.ParseFile(set, file, source, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	at := func(p token.Pos) int { return set.Position(p).Offset }
	out := bytes.NewBuffer(bytes.Clone(source[:at(tree.Name.End())]))
	fmt.Fprintf(out, "\n\nimport mutant__ %q\n", chooserPath)
	written := at(tree.Name.End())
	for _, d := range tree.Decls {
		f, is := d.(*ast.FuncDecl)
		if !is {
			continue
		}
		text := source[at(f.Pos()):at(f.End())]
		copies := map[int][]byte{}
		for n, m := range all {
			if m.file == file && bytes.Contains(text, []byte(m.old)) {
				copies[n+1] = bytes.Replace(text, []byte(m.old), []byte(m.new), 1)
			}
		}
		if len(copies) == 0 {
			continue
		}
		out.Write(source[written:at(f.Pos())])
		written = at(f.End())
		name := at(f.Name.Pos()) - at(f.Pos())
		named := func(text []byte, n int) []byte {
			return slices.Concat(text[:name], fmt.Appendf(nil, "%s__%d", f.Name.Name, n), text[name+len(f.Name.Name):])
		}
		out.WriteString(dispatch(f, func(n ast.Node) string { return string(source[at(n.Pos()):at(n.End())]) }, copies))
		fmt.Fprintf(out, "\n\n%s\n", named(text, 0))
		for _, n := range slices.Sorted(maps.Keys(copies)) {
			c := copies[n]
			fmt.Fprintf(out, "\n%s\n", named(c, n))
		}
	}
	out.Write(source[written:])
	return format.Source(out.Bytes())
}

// dispatch is a function that calls one of its copies.
func dispatch(f *ast.FuncDecl, text func(ast.Node) string, copies map[int][]byte) string {
	var head strings.Builder
	receiver, call := "", "%s__%d(%s)"
	if f.Recv != nil {
		receiver, call = "(r__ "+text(f.Recv.List[0].Type)+") ", "r__."+call
	}
	var params, args []string
	for _, field := range f.Type.Params.List {
		for range max(len(field.Names), 1) {
			name := fmt.Sprintf("p%d", len(params))
			params = append(params, name+" "+text(field.Type))
			if _, variadic := field.Type.(*ast.Ellipsis); variadic {
				name += "..."
			}
			args = append(args, name)
		}
	}
	generic, results, back := "", "", ""
	if f.Type.TypeParams != nil {
		generic = text(f.Type.TypeParams)
	}
	if f.Type.Results != nil {
		results, back = text(f.Type.Results), "return "
	}
	fmt.Fprintf(&head, "func %s%s%s(%s) %s {\n", receiver, f.Name.Name, generic, strings.Join(params, ", "), results)
	head.WriteString("switch mutant__.Is {\n")
	for _, n := range slices.Sorted(maps.Keys(copies)) {
		fmt.Fprintf(&head, "case %d:\n%s%s\n", n, back, fmt.Sprintf(call, f.Name.Name, n, strings.Join(args, ", ")))
		if back == "" {
			head.WriteString("return\n")
		}
	}
	fmt.Fprintf(&head, "}\n%s%s\n}", back, fmt.Sprintf(call, f.Name.Name, 0, strings.Join(args, ", ")))
	return head.String()
}
