package seed

import (
	"encoding/xml"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// Whatever a client calls itself, it stays a value.
func FuzzNameStaysAValue(f *testing.F) {
	for _, name := range []string{
		"pc7", "pc; rm -rf /", "$(id)", "`id`", "a\nd-i preseed/late_command string id", "</hostname><script>", "&amp;", "no", "1e3", "~", "-n", "--help",
		"a: b", "a #b", "\"", "'", "%post", "{{mac}}", "äöü", "..", "52:54:00:12:34:56", strings.Repeat("x", 300), "\x00\xff",
	} {
		f.Add(name)
	}
	s, err := Open(fuzzed(f))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, name string) {
		m := machine(name)
		m.UUID, m.Base = name, "http://192.168.9.2/"+name // as nobody should give them
		host := values(m, at)["name"]
		if host == "" || strings.Trim(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") != "" || host[0] == '-' || len(host) > 253 {
			t.Fatalf("%q becomes %q, which is no name of a host", name, host)
		}
		if got := strings.Count(file(t, s, "preseed.cfg", m), "\n"); got != 3 {
			t.Errorf("%q makes %d lines of preseed", name, got)
		}
		if got := strings.Fields(strings.ReplaceAll(file(t, s, "ks.cfg", m), "\n", " ")); len(got) != 6 {
			t.Errorf("%q makes other words of kickstart: %q", name, got)
		}
		var cloud struct{ Hostname, Quoted any }
		if err := yaml.Unmarshal([]byte(file(t, s, "user-data", m)), &cloud); err != nil || cloud.Hostname != host || cloud.Quoted != "x-"+host {
			t.Errorf("%q becomes %#v in YAML, want %q: %v", name, cloud, host, err)
		}
		var x struct {
			Hostname string `xml:"hostname"`
			Attr     string `xml:"a,attr"`
		}
		if err := xml.Unmarshal([]byte(file(t, s, "answerfile.xml", m)), &x); err != nil || x.Hostname != host || x.Attr != host {
			t.Errorf("%q becomes %+v in XML, want %q: %v", name, x, host, err)
		}
		for _, name := range s.Names(m) {
			if strings.ContainsAny(file(t, s, name, m), "$`;|&\\\x00") {
				t.Errorf("%q brings a sign of the shell into %s", m.Name, name)
			}
		}
	})
}

func fuzzed(f *testing.F) string {
	dir := f.TempDir()
	for name, text := range map[string]string{
		"preseed.cfg":    "d-i netcfg/get_hostname string {{name}}\nd-i preseed/late_command string echo {{name}} {{uuid}}\nd-i mirror/http/hostname string {{base}}\n",
		"ks.cfg":         "network --hostname={{name}}\n%post\necho {{name}}\n%end\n",
		"user-data":      "#cloud-config\nhostname: {{name}}\nquoted: \"x-{{name}}\"\n",
		"answerfile.xml": "<installation a=\"{{name}}\"><hostname>{{name}}</hostname></installation>\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			f.Fatal(err)
		}
	}
	return dir
}
