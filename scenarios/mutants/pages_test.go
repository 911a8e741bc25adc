package mutants

const (
	pages = "server/httpd/handler.go"
	body  = "server/httpd/body.go"
)

// served are defects of HTTP. What net/http sees to is not ours to break: that HEAD has no body, and that connections
// stay open.
var served = []mutant{
	{"a body ends before its Content-Length", body,
		"io.NewSectionReader(f, 0, f.Size)",
		"io.NewSectionReader(f, 0, f.Size+1)"},
	{"a body and its Content-Length are one byte short", body,
		"io.NewSectionReader(f, 0, f.Size)",
		"io.NewSectionReader(f, 0, f.Size-1)"},
	{"a body begins with its second byte", body,
		"io.NewSectionReader(f, 0, f.Size)",
		"io.NewSectionReader(f, 1, f.Size)"},
	{"a file that is missing is an error of the server", pages,
		"http.Error(a, \"there is no such file\", http.StatusNotFound)",
		"http.Error(a, \"there is no such file\", http.StatusInternalServerError)"},
	{"a file that is missing is found", pages,
		"http.Error(a, \"there is no such file\", http.StatusNotFound)",
		"http.Error(a, \"there is no such file\", http.StatusOK)"},
	{"a file that is there has no content", pages,
		"\tr = sensible(r, f.Size)\n",
		"\tr = sensible(r, f.Size)\n\ta.WriteHeader(http.StatusNoContent)\n"},
	{"files are found at the top alone", pages,
		"name := path.Clean(\"/\" + r.URL.Path)",
		"name := path.Base(r.URL.Path)"},
	{"blanks in a URL are three letters", pages,
		"name := path.Clean(\"/\" + r.URL.Path)",
		"name := path.Clean(\"/\" + r.URL.EscapedPath())"},
	{"a URL's host is part of the name", pages,
		"name := path.Clean(\"/\" + r.URL.Path)",
		"name := path.Clean(\"/\" + r.Host + r.URL.Path)"},
	{"nobody may ask for the size alone", pages,
		"if r.Method != http.MethodGet && r.Method != http.MethodHead {",
		"if r.Method != http.MethodGet {"},
	{"an UEFI program is a disk, by its Content-Type", "server/httpd/types.go",
		"return t\n",
		"return t[:0] + \"application/vnd.efi-iso\"\n"},
	{"HTTP is on another port than the configuration's", "server/http.go",
		"p.settings.HTTP.Port == port",
		"p.settings.HTTP.Port+1 == port"},
}
