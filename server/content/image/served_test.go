package image_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pin/tftp/v3"
	"golang.org/x/sync/errgroup"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/content/contenttest"
	"github.com/bootrig/bootrig/server/content/image"
	"github.com/bootrig/bootrig/server/content/iso9660/isotest"
	"github.com/bootrig/bootrig/server/httpd"
	"github.com/bootrig/bootrig/server/tftpd"
)

// serve gives a tree by TFTP and HTTP on the loopback until the test ends.
func serve(t testing.TB, tree content.Tree) (tftpAt, httpAt string) {
	t.Helper()
	udp, err := tftpd.Listen(netip.MustParseAddrPort("127.0.0.1:0"))
	if err != nil {
		t.Fatal(err)
	}
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var both errgroup.Group
	both.Go(func() error { return tftpd.Serve(ctx, tftpd.Config{Tree: tree}, udp) })
	both.Go(func() error {
		return httpd.Serve(ctx, httpd.Handler(tree, "x:1", nil, nil, nil), httpd.Limits{}, tcp)
	})
	t.Cleanup(func() {
		cancel()
		if err := both.Wait(); err != nil {
			t.Error(err)
		}
	})
	return udp.LocalAddr().String(), tcp.Addr().String()
}

// byTFTP and byHTTP are what a client gets.
func byTFTP(at, name string) ([]byte, error) {
	c, err := tftp.NewClient(at)
	if err != nil {
		return nil, err
	}
	c.SetBlockSize(1468)
	r, err := c.Receive(name, "octet")
	if err != nil {
		return nil, err
	}
	var got bytes.Buffer
	_, err = r.WriteTo(&got)
	return got.Bytes(), err
}

func byHTTP(at, name string) ([]byte, error) {
	got, err := http.Get((&url.URL{Scheme: "http", Host: at, Path: "/" + name}).String())
	if err != nil {
		return nil, err
	}
	defer got.Body.Close()
	if got.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s", got.Status)
	}
	return io.ReadAll(got.Body)
}

// grove is a directory like those of installers, with files around the edges of blocks.
func grove(t *testing.T) string {
	t.Helper()
	files := map[string]string{"pxelinux.0": "->d-i/amd64/pxelinux.0", "d-i/amd64/pxelinux.0": "NBP", "pxelinux.cfg": "->d-i/amd64/cfg", "d-i/amd64/cfg/default": "DEFAULT linux", ".treeinfo": "[general]", ".disk/info": "x", "empty": "", "a b": "a space"}
	for _, n := range []int{1, 511, 512, 513, 1468, 1468 * 3, 2047, 2048, 2049, 65536, 1_000_003} {
		files[fmt.Sprintf("sizes/f%d", n)] = strings.Repeat(fmt.Sprintf("%d,", n), n/len(fmt.Sprint(n, ","))+1)[:n]
	}
	return contenttest.Plant(t, files)
}

func TestEveryFileOfAnImageIsServedAsItIs(t *testing.T) {
	from, out := grove(t), t.TempDir()
	names := func(dir string) (all []string) {
		err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
			if info, statErr := os.Stat(name); err == nil && statErr == nil && info.Mode().IsRegular() {
				rel, _ := filepath.Rel(dir, name)
				all = append(all, rel)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	for _, command := range []string{tarball, tarGz, "bsdtar --format=pax --zstd -cf FILE .", rockRidge} {
		path := made(t, from, command)
		dir := filepath.Join(out, filepath.Base(command[:3])+fmt.Sprint(len(command)))
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if text, err := exec.Command(isotest.Program(t, "bsdtar"), "-C", dir, "-xf", path).CombinedOutput(); err != nil {
			t.Fatalf("bsdtar: %v\n%s", err, text)
		}
		n, err := image.Options{}.Named(path, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer n.Close()
		tftpAt, httpAt := serve(t, content.Of(n, "/"))
		all := names(dir)
		if len(all) != 18 {
			t.Fatalf("%s: bsdtar extracts %d files", command, len(all))
		}
		for _, name := range append(all, "pxelinux.cfg/default") {
			want, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			for way, get := range map[string]func() ([]byte, error){
				"TFTP": func() ([]byte, error) { return byTFTP(tftpAt, name) }, "HTTP": func() ([]byte, error) { return byHTTP(httpAt, name) },
			} {
				if got, err := get(); err != nil || !bytes.Equal(got, want) {
					t.Errorf("%s: %s by %s: %d bytes, %v, want %d", command, name, way, len(got), err, len(want))
				}
			}
		}
	}
	http.DefaultClient.CloseIdleConnections()
}

func TestCurlReadsFromAnImage(t *testing.T) {
	curl := isotest.Program(t, "curl")
	i, err := image.Open(made(t, grove(t), rockRidge), "")
	if err != nil {
		t.Fatal(err)
	}
	defer i.Close()
	tftpAt, httpAt := serve(t, content.Of(i, "/"))
	for _, c := range []struct{ args, want string }{
		{"tftp://TFTP/pxelinux.0", "NBP"},
		{"tftp://TFTP//d-i/amd64/cfg/default", "DEFAULT linux"},
		{"http://HTTP/.treeinfo", "[general]"},
		{"http://HTTP//pxelinux.cfg//default", "DEFAULT linux"},
		{"-r 0-0 http://HTTP/pxelinux.0", "N"},
		{"-r -5 http://HTTP/sizes/f1000003", "3,100"},
		{"-o /dev/null -w %{http_code} -H Range:bytes=u-u http://HTTP/empty", "200"},
		{"-I -o /dev/null -w %header{content-length} http://HTTP/sizes/f1000003", "1000003"},
		{"-o /dev/null -w %{http_code} http://HTTP/nosuch", "404"},
		{"-L -o /dev/null -w %{http_code} http://HTTP/sizes", "200"},
	} {
		args := append([]string{"-s", "-S", "--path-as-is"}, strings.Fields(strings.NewReplacer("TFTP", tftpAt, "HTTP", httpAt).Replace(c.args))...)
		if got, err := exec.CommandContext(t.Context(), curl, args...).Output(); err != nil || string(got) != c.want {
			t.Errorf("curl %s: %q, %v, want %q", c.args, got, err, c.want)
		}
	}
}
