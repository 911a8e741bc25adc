package seed

import (
	"errors"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const at At = "192.168.9.2"

func machine(name string) Machine {
	return Machine{MAC: net.HardwareAddr{0x52, 0x54, 0, 0x12, 0x34, 0x56}, UUID: "4C4C4544-0043-3010-8036-B4C04F4A3332", Name: name,
		IP: netip.MustParseAddr("192.168.9.100"), Base: "http://192.168.9.2/xcp-ng/"}
}

// plant writes files below a new directory.
func plant(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		at := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func open(t *testing.T, files map[string]string) *Seed {
	t.Helper()
	s, err := Open(plant(t, files))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func file(t *testing.T, s *Seed, name string, m Machine) string {
	t.Helper()
	data, _, err := s.File(name, m, at)
	if err != nil {
		return "error: " + err.Error()
	}
	return string(data)
}

func TestAMachinesOwnFilesGoFirst(t *testing.T) {
	s := open(t, map[string]string{
		"ks.cfg": "for all", "preseed.cfg": "for all", "user-data": "#cloud-config\nfor: all", "extra": "for all",
		"52-54-00-12-34-56/ks.cfg": "by MAC address",
		"pc7/ks.cfg":               "by name",
		"pc7/preseed.cfg":          "by name",
		"4c4c4544-0043-3010-8036-b4c04f4a3332/preseed.cfg": "by UUID",
		"4c4c4544-0043-3010-8036-b4c04f4a3332/extra":       "by UUID",
		"01-02-03-04-05-06/ks.cfg":                         "another's",
		".hidden":                                          "secret",
	})
	other := machine("pc8")
	other.MAC, other.UUID = net.HardwareAddr{2, 0, 0, 0, 0, 1}, ""
	thief := other
	thief.Name = "52:54:00:12:34:56"
	climber := other
	climber.Name = "../pc7"
	for rule, c := range map[string]struct {
		name string
		m    Machine
		want string
	}{
		"by MAC address before all":           {"ks.cfg", machine("pc7"), "by MAC address"},
		"by name, whatever its case":          {"preseed.cfg", machine("PC7"), "by name"},
		"by UUID where there is no other":     {"extra", machine("pc7"), "by UUID"},
		"what is there for all":               {"user-data", machine("pc7"), "#cloud-config\nfor: all"},
		"nothing of another machine":          {"ks.cfg", other, "for all"},
		"a name that is a MAC address":        {"ks.cfg", thief, "for all"},
		"a name that climbs":                  {"ks.cfg", climber, "for all"},
		"hidden files are nobody's":           {".hidden", other, "error: open SEED/.hidden: file does not exist"},
		"a file that climbs":                  {"../ks.cfg", other, "error: open SEED/../ks.cfg: file does not exist"},
		"a directory is no file":              {"pc7", other, "error: open SEED/pc7: file does not exist"},
		"meta-data is made where it lacks":    {"meta-data", machine("pc7"), "instance-id: \"iid-52:54:00:12:34:56\"\nlocal-hostname: \"pc7\"\n"},
		"a machine of which nothing is known": {"ks.cfg", Machine{}, "for all"},
	} {
		t.Run(rule, func(t *testing.T) {
			got := strings.ReplaceAll(file(t, s, c.name, c.m), s.dir, "SEED")
			if strings.HasPrefix(c.want, "error: open SEED/../") {
				got = strings.ReplaceAll(got, filepath.Dir(s.dir)+"/", "SEED/../")
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestTemplates(t *testing.T) {
	for rule, c := range map[string]struct{ name, text, want string }{
		"a preseed file": {"preseed.cfg", "d-i netcfg/get_hostname string {{name}}\nd-i preseed/late_command string wget -q -O- {{callback}}\n",
			"d-i netcfg/get_hostname string pc7\nd-i preseed/late_command string wget -q -O- http://192.168.9.2/seed/52-54-00-12-34-56/done\n"},
		"a kickstart file": {"ks.cfg", "url --url={{base}}\nnetwork --hostname={{name}} --device={{mac}}\n", "url --url=http://192.168.9.2/xcp-ng/\nnetwork --hostname=pc7 --device=52:54:00:12:34:56\n"},
		"an answer file": {"answerfile.xml", `<installation><source type="url">{{base}}</source><hostname>{{name}}</hostname></installation>`,
			`<installation><source type="url">http://192.168.9.2/xcp-ng/</source><hostname>pc7</hostname></installation>`},
		"cloud-init": {"user-data", "#cloud-config\nhostname: {{name}}\nruncmd:\n  - curl {{callback}}\n  - {{ip}}\n",
			"#cloud-config\nhostname: \"pc7\"\nruncmd:\n  - curl http://192.168.9.2/seed/52-54-00-12-34-56/done\n  - \"192.168.9.100\"\n"},
		"quotes of one's own":         {"user-data", "#cloud-config\nhostname: \"{{name}}\"\n", "#cloud-config\nhostname: \"pc7\"\n"},
		"a text of several lines":     {"user-data", "#cloud-config\nf: |\n  mac: {{mac}}\ng: {{mac}} # this\n", "#cloud-config\nf: |\n  mac: 52:54:00:12:34:56\ng: \"52:54:00:12:34:56\" # this\n"},
		"conditions":                  {"ks.cfg", "{{if eq mac \"52:54:00:12:34:56\"}}mine{{else}}other{{end}} {{uuid}} {{server}}", "mine 4C4C4544-0043-3010-8036-B4C04F4A3332 192.168.9.2"},
		"conditions in YAML":          {"meta-data", "{{if name}}a: {{name}}\n{{end}}", "a: \"pc7\"\n"},
		"braces that mean themselves": {"ks.cfg", `docker ps --format '{{"{{"}}.Names}}'`, "docker ps --format '{{.Names}}'"},
		"cloud-init's own templates":  {"user-data", "## template: jinja\n#cloud-config\nh: {{ v1.local_hostname }}\n", "## template: jinja\n#cloud-config\nh: {{ v1.local_hostname }}\n"},
		"an archive is no template":   {"machine.apkovl.tar.gz", "\x1f\x8b\x08{{x}}", "\x1f\x8b\x08{{x}}"},
	} {
		t.Run(rule, func(t *testing.T) {
			if diff := cmp.Diff(c.want, file(t, open(t, map[string]string{c.name: c.text}), c.name, machine("pc7"))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestMistakesAreToldAtTheStart(t *testing.T) {
	for rule, c := range map[string]struct{ name, text, want string }{
		"a name that is none": {"ks.cfg", "a\nb {{host}}\n", "SEED/ks.cfg:2: {{host}} stands for nothing: known are {{base}}, {{callback}}, {{ip}}, {{mac}}, {{name}}, {{server}}, {{uuid}}"},
		"braces without end":  {"pc7/ks.cfg", "a\n{{name", "SEED/pc7/ks.cfg:2: unclosed action"},
		"what cannot be made": {"ks.cfg", "a\n\n{{index name 99}}", "SEED/ks.cfg:3:2: executing \"SEED/ks.cfg\" at <index name 99>: error calling index: index out of range: 99"},
		"no XML":              {"answerfile.xml", "<a>\n<b></a>\n", "SEED/answerfile.xml:2: XML syntax error on line 2: element <b> closed by </a>"},
		"no YAML":             {"user-data", "#cloud-config\na: [1\n", "SEED/user-data:2: no YAML: sequence end token ']' not found"},
		"no JSON":             {"config.ign", "{\n\"a\": }\n", "SEED/config.ign:2: invalid character '}' looking for beginning of value"},
	} {
		t.Run(rule, func(t *testing.T) {
			dir := plant(t, map[string]string{c.name: c.text})
			_, err := Open(dir)
			if err == nil {
				t.Fatal("nothing is said")
			}
			if diff := cmp.Diff(c.want, strings.ReplaceAll(err.Error(), dir, "SEED")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if _, err := Open(filepath.Join(t.TempDir(), "gone")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a directory that is not there: %v", err)
	}
}

func TestFilesAreASource(t *testing.T) {
	s := open(t, map[string]string{"user-data": "#cloud-config\nhostname: {{name}}\n", "pc8/ks.cfg": "another's"})
	src, err := s.Files(machine("pc7"), at)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	entries, err := src.ReadDir(".")
	for _, e := range entries {
		data, err := fs.ReadFile(src, e.Name())
		if err != nil {
			t.Fatal(err)
		}
		got[e.Name()] = string(data)
	}
	want := map[string]string{"user-data": "#cloud-config\nhostname: \"pc7\"\n", "meta-data": "instance-id: \"iid-52:54:00:12:34:56\"\nlocal-hostname: \"pc7\"\n"}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}
