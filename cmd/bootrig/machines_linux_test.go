package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

// says runs the program, and gives all that it printed and its exit code.
func says(t *testing.T, args ...string) (out string, code int) {
	t.Helper()
	cmd := exec.Command("bootrig", args...)
	text, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return string(text), cmd.ProcessState.ExitCode()
}

// What commands are told by a server that has given a lease to one machine.
func TestMachinesAndLeasesAreTold(t *testing.T) {
	c := lab(t)
	dir := public(t)
	conf, state := filepath.Join(dir, "dnsmasq.conf"), filepath.Join(dir, "state") // which the server has to itself
	socket := filepath.Join(state, "control.sock")
	ok(t, os.WriteFile(conf, []byte("port=0\nno-ping\ndhcp-range=192.168.9.10,192.168.9.200,1h\ndhcp-host=02:00:00:02:00:01,pc1\n"), 0o644))
	server := &victim{args: []string{"serve", "-C", conf, "-i", "eth0", "--state", filepath.Join(state, "state.db")}}
	server.start(t)
	defer server.end()
	defer func() { _ = server.process.Process.Kill() }()
	c.become(t, server, 1)
	for _, s := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"machines"}, 0, `^MACHINE +ADDRESS +ARCH +HEARD +BOOTS +MARK +LAST BOOT\n02:00:00:02:00:01  192\.168\.9\.[0-9]+ +- +[0-9]+s ago  1 +- +was told nothing\n$`},
		{[]string{"machines", "list", "--json"}, 0, `^\{"mac":"02:00:00:02:00:01","address":"192\.168\.9\.[0-9]+","first":"[^"]+","last":"[^"]+","boots":1,"boot":\{.*\}\}\n$`},
		{[]string{"leases"}, 0, `^ADDRESS +MACHINE +NAME +ENDS\n192\.168\.9\.[0-9]+ +02:00:00:02:00:01  pc1 +[-0-9]+ [:0-9]+ \(in 1h0m0s\)\n$`},
		{[]string{"leases", "--json"}, 0, `^\{"address":"192\.168\.9\.[0-9]+","mac":"02:00:00:02:00:01","name":"pc1","expires":"[^"]+"\}\n$`},
		{[]string{"leases", "--dnsmasq"}, 0, `^[0-9]{10} 02:00:00:02:00:01 192\.168\.9\.[0-9]+ pc1 \*\n$`},
		{[]string{"leases", "import", conf}, 1, `^bootrig: a server answers at .*/control\.sock: end it first, and start it again afterwards\n$`},
		{[]string{"leases", "--dnsmasq", "--json"}, 2, `^bootrig: --json and --dnsmasq can't be used together \(bootrig --help tells more\)\n$`},
		{[]string{"machines", "forget", "pc"}, 2, `^"pc" is no MAC address, such as 52:54:00:12:34:56\n$`},
		{[]string{"machines", "forget", "02-00-00-02-00-01"}, 0, `^$`},
		{[]string{"machines", "forget", "02:00:00:02:00:01"}, 1, `^02:00:00:02:00:01 was not heard of\n$`},
		{[]string{"machines", "list"}, 0, `^MACHINE +ADDRESS +ARCH +HEARD +BOOTS +MARK +LAST BOOT\n$`},
	} {
		got, code := says(t, append(s.args, "--socket", socket)...)
		if code != s.code || !regexp.MustCompile(s.want).MatchString(got) {
			t.Errorf("bootrig %q exits with %d, want %d, and says\n%s\nwhich is no\n%s", s.args, code, s.code, got, s.want)
		}
	}
}
