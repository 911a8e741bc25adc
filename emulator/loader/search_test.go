package loader

import (
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/emulator/internal/testnet"
)

func TestTheOrderOfRequests(t *testing.T) {
	search := []string{"pxelinux.cfg/33221100-5544-7766-8800-000000000000 ✗", "pxelinux.cfg/01-52-54-00-12-34-56 ✗",
		"pxelinux.cfg/C0A80964 ✗", "pxelinux.cfg/C0A8096 ✗", "pxelinux.cfg/C0A809 ✗", "pxelinux.cfg/C0A80 ✗", "pxelinux.cfg/C0A8 ✗",
		"pxelinux.cfg/C0A ✗", "pxelinux.cfg/C0 ✗", "pxelinux.cfg/C ✗", "pxelinux.cfg/default"}
	for _, tc := range []struct {
		name  string
		files tree
		keys  []string
		want  []string // behind the search of the configuration
	}{
		{"labels", with(six, nil), nil, []string{"linux", "initrd.gz"}},
		{"a menu reads the configuration again, vesamenu its background", with(six, cfg("ui vesamenu.c32\nmenu background b.png\nlabel a\nlinux linux\n")), []string{"ret"},
			[]string{"vesamenu.c32", "libcom32.c32", "libutil.c32", "pxelinux.cfg/default", "b.png ✗", "linux"}},
		{"the text menu has no background, and a colour is no file", with(six, cfg("ui menu.c32\nmenu background b.png\nlabel a\nlinux linux\n")), []string{"ret"},
			[]string{"menu.c32", "libutil.c32", "pxelinux.cfg/default", "linux"}},
		{"modules and libraries are searched under PATH, the newest directory first", with(six, tree{"pxelinux.cfg/default": "path a:b/\nui menu.c32\nlabel a\nlinux linux\n",
			"menu.c32": "", "b/menu.c32": elfModule("libutil.c32"), "libutil.c32": "", "a/libutil.c32": elfModule()}), []string{"ret"},
			[]string{"menu.c32 ✗", "b/menu.c32", "libutil.c32 ✗", "b/libutil.c32 ✗", "a/libutil.c32", "pxelinux.cfg/default", "linux"}},
		{"pxelinux 4 modules need no libraries", with(four, cfg("ui menu.c32\nlabel a\nlinux linux\n")), []string{"ret"},
			[]string{"menu.c32", "pxelinux.cfg/default", "linux"}},
		{"DISPLAY is fetched where it stands, not again by the menu", with(six, cfg("display f1.txt\nui menu.c32\nlabel a\nlinux linux\n")), []string{"ret"},
			[]string{"f1.txt ✗", "menu.c32", "libutil.c32", "pxelinux.cfg/default", "linux"}},
		{"a file without a label is tried with every extension", with(six, cfg("default linux\n")), nil,
			[]string{"linux.c32 ✗", "linux.img ✗", "linux.bss ✗", "linux.bin ✗", "linux.bs ✗", "linux.0 ✗", "linux"}},
		{"CONFIG loads ldlinux.c32 anew", with(six, tree{"pxelinux.cfg/default": "default a\nlabel a\nconfig o.cfg\n", "o.cfg": "default b\nlabel b\nlinux linux\n"}), nil,
			[]string{"ldlinux.c32", "o.cfg", "linux"}},
		// The rest was read off the wire of real boots with these files.
		{"PXERETRY asks again for what is missing, from its line on", with(six, cfg("display f0.txt\npxeretry 2\ndisplay f1.txt\ndefault a\nlabel a\nlinux gone\n")), nil,
			[]string{"f0.txt ✗", "f1.txt ✗", "f1.txt ✗", "f1.txt ✗", "gone ✗", "gone ✗", "gone ✗"}},
		{"ONERROR, PATH, and a menu that is given its files", with(six, tree{
			"pxelinux.cfg/default": "default a\nlabel a\n config o.cfg\n", "menu.c32": "", "libutil.c32": "",
			"o.cfg":      "path p:q\nonerror b\ndefault c\nlabel c\n linux gone\nlabel b\n kernel menu.c32 z.cfg\n",
			"p/menu.c32": elfModule("libutil.c32"), "q/libutil.c32": elfModule(),
			"z.cfg": "pxeretry 9\ntimeout 20\nlabel k\n kernel mboot.c32\n append -aout xen x --- initrd.gz y  z --- nosuch\n",
		}), nil, []string{"ldlinux.c32", "o.cfg", "gone ✗", "menu.c32 ✗", "q/menu.c32 ✗", "p/menu.c32", "libutil.c32 ✗", "q/libutil.c32",
			"z.cfg", "c ✗", "mboot.c32", "libcom32.c32", "xen", "initrd.gz", "nosuch ✗"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			want := append(append([]string{"ldlinux.c32"}, search...), tc.want...)
			if tc.files["nbp"] == four {
				want = want[1:]
			}
			got := run(t, tc.files, tc.keys...)
			if diff := cmp.Diff(want, got.requests); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPrefixes(t *testing.T) {
	server := netip.MustParseAddr("192.168.9.2")
	for _, tc := range []struct {
		name, file string
		options    []byte
		open       string
		want       string
	}{
		{"the root has no prefix", "pxelinux.0", nil, "/tftpboot/x", "192.168.9.2 /tftpboot/x"},
		{"a directory is put before every name", "sub/pxelinux.0", nil, "x", "192.168.9.2 sub/x"},
		{"an absolute name is none", "sub/pxelinux.0", nil, "/tftpboot/x", "192.168.9.2 sub//tftpboot/x"},
		{"an underscore ends the prefix as a slash does", "my_pxelinux.0", nil, "x", "192.168.9.2 my_x"},
		{"option 210 is the prefix", "sub/pxelinux.0", append([]byte{210, 2}, "o/"...), "x", "192.168.9.2 o/x"},
		{"::x begins at the root", "sub/pxelinux.0", nil, "::x", "192.168.9.2 x"},
		{"another server", "sub/pxelinux.0", nil, "10.0.0.1::x", "10.0.0.1 x"},
		{"a TFTP URL", "sub/pxelinux.0", nil, "tftp://10.0.0.1/d/x", "10.0.0.1 d/x"},
		{"HTTP is beyond it", "sub/pxelinux.0", nil, "http://10.0.0.1/x", "no"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			n := testnet.New(nil)
			n.Server = server
			h := handed(t, n, six, tc.file, tc.options...)
			p := &pxe{env: &env{Config: Config{Handover: h}}, cwd: startPrefix(h)}
			at, ok := p.locate(tc.open)
			got := at.server.Addr().String() + " " + at.path
			if !ok {
				got = "no"
			}
			if got != tc.want {
				t.Errorf("%s opens %q, want %q", tc.open, got, tc.want)
			}
		})
	}
}

func TestConfigNames(t *testing.T) {
	n := testnet.New(nil)
	h := handed(t, n, six, "pxelinux.0", append([]byte{209, 5}, "x.cfg"...)...)
	h.UUID = [16]byte{}
	got := configNames(h)[:3]
	if diff := cmp.Diff([]string{"x.cfg", "pxelinux.cfg/01-52-54-00-12-34-56", "pxelinux.cfg/C0A80964"}, got); diff != "" {
		t.Errorf("names: option 209 first, a UUID of zeros skipped (-want +got):\n%s", diff)
	}
}
