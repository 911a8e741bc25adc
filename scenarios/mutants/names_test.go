package mutants

const (
	name = "server/content/name.go"
	tags = "server/policy/tags.go"
)

// names are defects of how files are found, and of who is told what.
var names = []mutant{
	{"names that lead out of the tree are not refused", name,
		`if element == ".." {`,
		`if element == "..." {`},
	{"backslashes are no slashes", name,
		"name = strings.ReplaceAll(name, `\\`, \"/\")\n\tif",
		"if"},
	{"bytes behind a name, as ROMs read them, are part of it", name,
		"for n > 0 && name[n-1] >= 0x80 {",
		"for n > 0 && name[n-1] > 0xff {"},
	{"an iPXE is offered iPXE again: its option 175 is not seen", "server/policy/match.go",
		"return len(data) > 0 && m.in(data)",
		"return len(data) > 0 && m.Code != 175 && m.in(data)"},
	{"an iPXE is offered iPXE again in place of its script", "server/proxydhcp/chain.go",
		"b.Script == \"\" || !is ||",
		"b.Script == \"\" || is ||"},
	{"what is no iPXE is offered the script", "server/proxydhcp/chain.go",
		"b.Script == \"\" || !is ||",
		"b.Script == \"\" || !is && false ||"},
	{"a name in full is not found", name,
		"name = below",
		"_ = below"},
	{"the first of several boot files wins, not the last", tags,
		"for i := len(lines) - 1; i >= 0; i-- {",
		"for i := range lines {"},
	{"lines that want no tag win over those that want one", tags,
		"case w.Met(tags):\n\t\t\treturn",
		"case w.Met(tags) && len(lines) == 1:\n\t\t\treturn"},
	{"tag:!x is met by who has x", tags,
		"tag, absent := not(want)\n\t\tif _, has := tags[tag]; has == absent {",
		"tag, _ := not(want)\n\t\tif _, has := tags[tag]; !has {"},
}
