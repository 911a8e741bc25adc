package confine

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/internal/must"
)

func TestWhomRootBecomes(t *testing.T) {
	if !Root() {
		must.Skip(t, must.Root, "only root becomes somebody")
	}
	plain := User{Name: "nobody", UID: nobody, GID: nobody}
	if u, err := named(service); err == nil {
		plain = u
	}
	for name, c := range map[string]struct {
		named string
		env   map[string]string
		want  User
		err   string
	}{
		"nobody, if nobody says whom":       {want: plain},
		"who called sudo":                   {env: map[string]string{"SUDO_UID": "4242", "SUDO_GID": "4343"}, want: User{Name: "4242", UID: 4242, GID: 4343}},
		"nobody, if root called sudo":       {env: map[string]string{"SUDO_UID": "0", "SUDO_GID": "0"}, want: plain},
		"who is named, whoever called sudo": {named: "daemon", env: map[string]string{"SUDO_UID": "4242"}, want: User{Name: "daemon", UID: 1, GID: 1, Home: "/usr/sbin"}},
		"by number, with its own group":     {named: "1", want: User{Name: "daemon", UID: 1, GID: 1, Home: "/usr/sbin"}},
		"by numbers that have no names":     {named: "4242:4343", want: User{Name: "4242", UID: 4242, GID: 4343}},
		"by a number that has no name":      {named: "4242", want: User{Name: "4242", UID: 4242, GID: 4242}},
		"root, if that is named":            {named: "root", want: User{Name: "root", Home: "/root"}},
		"nobody whom there is not":          {named: "nosuchuser", err: "there is no user nosuchuser here: name one that getent passwd tells, or say UID:GID"},
		"nor below zero":                    {named: "-1", err: "there is no user -1 here: name one that getent passwd tells, or say UID:GID"},
	} {
		got, err := Who(c.named, func(key string) string { return c.env[key] })
		said := ""
		if err != nil {
			said = err.Error()
		}
		if diff := cmp.Diff(c.want, got); diff != "" || said != c.err {
			t.Errorf("%s: %q, want %q (-want +got):\n%s", name, said, c.err, diff)
		}
	}
}

// Who is no root stays who he is.
func TestSelf(t *testing.T) {
	if u, err := self(""); err != nil || u.UID != os.Geteuid() {
		t.Errorf("%v, %v", u, err)
	}
	if _, err := self("4242"); err == nil || err.Error() != "only root can become 4242: use sudo" {
		t.Errorf("it says %v", err)
	}
}
