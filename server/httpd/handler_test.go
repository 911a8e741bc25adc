package httpd

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/wire/event"
)

// tree makes a directory with a few files and links.
func tree(t *testing.T) content.Tree {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"boot/linux": "0123456789", "boot/BOOTX64.EFI": "MZ", "boot/empty": "", "site/index.html": "<p>home</p>",
		"boot/.treeinfo": "[general]", "boot/x.iso": "iso", "boot/x.IMG": "img",
		"odd/a b&c": "x", "odd/<i>": "x", "odd/x:y": "x", "odd/sub/f": "x",
	} {
		at := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, target := range map[string]string{"kernel": "boot/linux", "out": "/etc/hostname"} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	d, err := content.OpenDir(dir, "/mnt/xeniso")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// ask sends one request as it is written.
func ask(t *testing.T, h http.Handler, method, target string, header map[string]string) *httptest.ResponseRecorder {
	t.Helper()
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(method + " " + target + " HTTP/1.1\r\nHost: boot\r\n\r\n")))
	if err != nil {
		t.Fatal(err)
	}
	r.RemoteAddr = "192.168.9.100:1234"
	for k, v := range header {
		r.Header.Set(k, v)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestHandlerAnswers(t *testing.T) {
	h := Handler(tree(t), "x:1", nil, nil, nil)
	for _, c := range []struct {
		rule, request, rng string
		code               int
		body               string
		headers            string // "Name: value" lines that must be there
	}{
		{"a file", "GET /boot/linux", "", 200, "0123456789", "Content-Length: 10\nContent-Type: application/octet-stream\nAccept-Ranges: bytes"},
		{"a file by HEAD has its size and no body", "HEAD /boot/linux", "", 200, "", "Content-Length: 10"},
		{"a part", "GET /boot/linux", "bytes=2-4", 206, "234", "Content-Range: bytes 2-4/10\nContent-Length: 3"},
		{"a part behind the end", "GET /boot/linux", "bytes=20-", 416, "invalid range: failed to overlap\n", "Content-Range: bytes */10"},
		{"an empty file", "GET /boot/empty", "", 200, "", "Content-Length: 0"},
		{"a hidden file", "GET /boot/.treeinfo", "", 200, "[general]", ""},
		{"a name with several slashes", "GET //boot///linux", "", 200, "0123456789", ""},
		{"an image of a CD", "GET /boot/x.iso", "", 200, "iso", "Content-Type: application/vnd.efi-iso"},
		{"an image of a disk", "GET /boot/x.IMG", "", 200, "img", "Content-Type: application/vnd.efi-img"},
		{"a link", "GET /kernel", "", 200, "0123456789", ""},
		{"an EFI program has the type that UEFI looks for", "GET /boot/BOOTX64.EFI", "", 200, "MZ", "Content-Type: application/efi"},
		{"dots are resolved, as lpxelinux leaves them in", "GET /site/../boot/./linux", "", 200, "0123456789", ""},
		{"dots cannot climb out", "GET /../../etc/hostname", "", 404, "there is no such file\n", ""},
		{"escaped dots cannot climb out", "GET /%2e%2e/%2e%2e/etc/hostname", "", 404, "there is no such file\n", ""},
		{"backslashes cannot climb out", `GET /..%5c..%5cetc/hostname`, "", 403, "this file may not be read\n", ""},
		{"a NUL in a name", "GET /boot/linux%00.txt", "", 404, "there is no such file\n", ""},
		{"the absolute name of a file", "GET /mnt/xeniso/boot/linux", "", 200, "0123456789", ""},
		{"an escaped name", "GET /odd/a%20b%26c", "", 200, "x", ""},
		{"a missing file", "GET /nosuch", "", 404, "there is no such file\n", ""},
		{"a link out of the root", "GET /out", "", 403, "this file may not be read\n", ""},
		{"a file with a slash behind it", "GET /boot/linux/", "", 404, "404 page not found\n", ""},
		{"a write", "PUT /boot/linux", "", 405, "this server only gives files\n", "Allow: GET, HEAD"},
		{"a directory without its slash", "GET /site", "", 301, "", "Location: ./site/"},
		{"a directory with index.html", "GET /site/", "", 200, "<p>home</p>", "Content-Type: text/html; charset=utf-8"},
		{"a missing directory", "GET /nosuch/", "", 404, "there is no such file\n", ""},
		{"an index by HEAD", "HEAD /odd/", "", 200, "", "Content-Type: text/html; charset=utf-8"},
	} {
		method, target, _ := strings.Cut(c.request, " ")
		header := map[string]string{}
		if c.rng != "" {
			header["Range"] = c.rng
		}
		got := ask(t, h, method, target, header)
		body := got.Body.String()
		if got.Code != c.code || body != c.body {
			t.Errorf("%s: %s gives %d %q, want %d %q", c.rule, c.request, got.Code, body, c.code, c.body)
		}
		for line := range strings.Lines(c.headers) {
			name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
			if got.Header().Get(name) != value {
				t.Errorf("%s: %s: %q, want %q", c.rule, name, got.Header().Get(name), value)
			}
		}
	}
}

func TestHandlerKnowsWhatIsUnchanged(t *testing.T) {
	h := Handler(tree(t), "x:1", nil, nil, nil)
	at := ask(t, h, "GET", "/boot/linux", nil).Header().Get("Last-Modified")
	if got := ask(t, h, "GET", "/boot/linux", map[string]string{"If-Modified-Since": at}); got.Code != 304 {
		t.Errorf("If-Modified-Since %s gives %d", at, got.Code)
	}
}

func TestHandlerRecordsWhatHappened(t *testing.T) {
	var got []string
	asked := 0
	who := func(addr netip.Addr) string { asked++; return "mac of " + addr.String() }
	h := Handler(tree(t), "x:1", event.Func(func(e event.Event) {
		got = append(got, fmt.Sprintf("%s %s %s %s %s %d %d", e.Rule, e.Kind, e.Client, e.Path, e.Attrs, e.Code, e.Bytes))
	}), who, &content.Hints{})
	ask(t, h, "GET", "/boot/linux", nil)
	if asked != 1 {
		t.Errorf("one request asks %d times who it is", asked)
	}
	ask(t, h, "GET", "/boot/linux", map[string]string{"Range": "bytes=0-3"})
	ask(t, h, "HEAD", "/boot/linux", nil)
	ask(t, h, "GET", "/nosuch", nil)
	ask(t, h, "GET", "/Boot/Linux", nil)
	want := []string{
		"x:1 http-request mac of 192.168.9.100 /boot/linux method=GET 0 0", "x:1 http-response mac of 192.168.9.100 /boot/linux  200 10", "x:1 got mac of 192.168.9.100 /boot/linux is=text 0 10",
		"x:1 http-request mac of 192.168.9.100 /boot/linux method=GET range=bytes=0-3 0 0", "x:1 http-response mac of 192.168.9.100 /boot/linux  206 4",
		"x:1 http-request mac of 192.168.9.100 /boot/linux method=HEAD 0 0", "x:1 http-response mac of 192.168.9.100 /boot/linux  200 0",
		"x:1 http-request mac of 192.168.9.100 /nosuch method=GET 0 0", "x:1 http-response mac of 192.168.9.100 /nosuch  404 22",
		"x:1 http-request mac of 192.168.9.100 /Boot/Linux method=GET 0 0", "x:1 http-response mac of 192.168.9.100 /Boot/Linux like=boot/linux 404 22",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestHandlerSaysWhatWasWrongWithARange(t *testing.T) {
	for asked, want := range map[string]string{
		"bytes=0-3":     "",
		"bytes=u-u":     `"bytes=u-u" is no range, so the whole file is the answer`,
		"lines=1-2":     `"lines=1-2" is no range, so the whole file is the answer`,
		"bytes=900-999": `the range "bytes=900-999" is none of this file`,
	} {
		var last event.Event
		h := Handler(tree(t), "x:1", event.Func(func(e event.Event) {
			if e.Kind == event.HTTPResponse {
				last = e
			}
		}), nil, nil)
		if ask(t, h, "GET", "/boot/linux", map[string]string{"Range": asked}); last.Text != want {
			t.Errorf("%s: it says %q, want %q", asked, last.Text, want)
		}
	}
}

// A brokenPipe is a client that goes away after three bytes.
type brokenPipe struct{ http.ResponseWriter }

func (b brokenPipe) Write(p []byte) (int, error) {
	n, _ := b.ResponseWriter.Write(p[:3])
	return n, io.ErrShortWrite
}

func TestHandlerDoesNotClaimABodyThatWasCut(t *testing.T) {
	var got []event.Event
	h := Handler(tree(t), "x:1", event.Func(func(e event.Event) { got = append(got, e) }), nil, nil)
	h.ServeHTTP(brokenPipe{httptest.NewRecorder()}, httptest.NewRequest("GET", "/boot/linux", nil))
	if last := got[len(got)-1]; last.Kind != event.HTTPResponse || last.Bytes != 3 {
		t.Errorf("the last fact is %+v", last)
	}
}
