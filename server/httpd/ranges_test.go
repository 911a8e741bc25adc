package httpd

import (
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bootrig/bootrig/server/content"
)

// parts says what an answer has: its code and body, or each part of one with several.
func parts(t *testing.T, got *httptest.ResponseRecorder) string {
	t.Helper()
	kind, params, _ := mime.ParseMediaType(got.Header().Get("Content-Type"))
	if kind != "multipart/byteranges" {
		return fmt.Sprintf("%d %s %q", got.Code, got.Header().Get("Content-Range"), got.Body)
	}
	text := fmt.Sprint(got.Code)
	for r := multipart.NewReader(got.Body, params["boundary"]); ; {
		p, err := r.NextPart()
		if err != nil {
			return text
		}
		body, _ := io.ReadAll(p)
		text += fmt.Sprintf(" %s %q", p.Header.Get("Content-Range"), body)
	}
}

func TestRanges(t *testing.T) {
	const whole, none = `200  "0123456789"`, `416 bytes */10 "invalid range: failed to overlap\n"`
	h := Handler(tree(t), "x:1", nil, nil, nil)
	for _, c := range []struct{ rule, ranges, want string }{
		{"archiso probes with the first byte", "bytes=0-0", `206 bytes 0-0/10 "0"`},
		{"the last byte", "bytes=9-9", `206 bytes 9-9/10 "9"`},
		{"from the middle, as a download goes on", "bytes=7-", `206 bytes 7-9/10 "789"`},
		{"the end", "bytes=-3", `206 bytes 7-9/10 "789"`},
		{"more of the end than there is", "bytes=-500", `206 bytes 0-9/10 "0123456789"`},
		{"an end behind the end", "bytes=8-4095", `206 bytes 8-9/10 "89"`},
		{"all of it", "bytes=0-", `206 bytes 0-9/10 "0123456789"`},
		{"the unit in upper case", "Bytes=0-0", `206 bytes 0-0/10 "0"`},
		{"several", "bytes=0-0,4-5", `206 bytes 0-0/10 "0" bytes 4-5/10 "45"`},
		{"several with spaces and nothing between", "bytes=0-0 ,, \t-1", `206 bytes 0-0/10 "0" bytes 9-9/10 "9"`},
		{"several, one of them behind the end", "bytes=20-30,2-3", `206 bytes 2-3/10 "23"`},
		{"behind the end", "bytes=10-", none},
		{"far behind the end", "bytes=99999999999999999999999-", none},
		{"to far behind the end", "bytes=9-99999999999999999999999", `206 bytes 9-9/10 "9"`},
		{"nothing of the end", "bytes=-0", none},
		{"several behind the end", "bytes=10-11,20-", none},
		{"numbers that were not printed", "bytes=u-u", whole},
		{"the wrong way round", "bytes=5-2", whole},
		{"no numbers", "bytes=-", whole},
		{"nothing", "bytes=", whole},
		{"a sign", "bytes=+1-2", whole},
		{"two ends", "bytes=1-2-3", whole},
		{"one right and one wrong", "bytes=0-0,x", whole},
		{"another unit", "blocks=0-1", whole},
		{"no unit", "0-1", whole},
		{"more together than there is", "bytes=0-9,0-9", whole},
		{"more than anybody needs", "bytes=" + strings.Repeat("0-0,", 33), whole},
	} {
		if got := parts(t, ask(t, h, "GET", "/boot/linux", map[string]string{"Range": c.ranges})); got != c.want {
			t.Errorf("%s: %q gives %s, want %s", c.rule, c.ranges, got, c.want)
		}
	}
	if got := parts(t, ask(t, h, "GET", "/boot/empty", map[string]string{"Range": "bytes=0-0"})); got != `200  ""` {
		t.Errorf("the first byte of nothing gives %s", got)
	}
	if got := parts(t, ask(t, h, "HEAD", "/boot/linux", map[string]string{"Range": "bytes=0-0"})); got != `206 bytes 0-0/10 ""` {
		t.Errorf("HEAD of the first byte gives %s", got)
	}
}

// TestAnswersAreThoseOfNetHTTP holds what both mean the same by against the standard library's file server.
func TestAnswersAreThoseOfNetHTTP(t *testing.T) {
	dir := t.TempDir()
	when := time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC)
	for name, text := range map[string]string{"f": "0123456789", "empty": "", ".treeinfo": "[general]", "d/index.html": "<p>"} {
		at := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(at, when, when); err != nil {
			t.Fatal(err)
		}
	}
	d, err := content.OpenDir(dir, "/")
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	ours, theirs := Handler(d, "x:1", nil, nil, nil), http.FileServer(http.Dir(dir))
	tag := ask(t, ours, "GET", "/f", nil).Header().Get("ETag")
	const then, later, earlier = "Thu, 29 Feb 2024 12:00:00 GMT", "Thu, 29 Feb 2024 12:00:01 GMT", "Thu, 29 Feb 2024 11:59:59 GMT"
	for _, c := range []struct {
		request string
		header  map[string]string
	}{
		{"GET /f", nil}, {"HEAD /f", nil}, {"GET /empty", nil}, {"GET /.treeinfo", nil}, {"GET /d/", nil}, {"GET //f", nil}, {"GET /./d//../f", nil},
		{"GET /f", map[string]string{"Range": "bytes=0-0"}}, {"HEAD /f", map[string]string{"Range": "bytes=2-"}}, {"GET /f", map[string]string{"Range": "bytes=-2"}},
		{"GET /f", map[string]string{"Range": "bytes=10-"}},
		{"GET /f", map[string]string{"If-Modified-Since": then}}, {"GET /f", map[string]string{"If-Modified-Since": later}}, {"GET /f", map[string]string{"If-Modified-Since": earlier}},
		{"HEAD /f", map[string]string{"If-Modified-Since": then}}, {"GET /f", map[string]string{"If-Modified-Since": "yesterday"}},
		{"GET /f", map[string]string{"If-Unmodified-Since": earlier}}, {"GET /f", map[string]string{"If-Unmodified-Since": then}},
		{"GET /f", map[string]string{"Range": "bytes=2-3", "If-Range": then}}, {"GET /f", map[string]string{"Range": "bytes=2-3", "If-Range": earlier}},
		{"GET /f", map[string]string{"Range": "bytes=2-3", "If-Modified-Since": then}},
	} {
		method, target, _ := strings.Cut(c.request, " ")
		want, got := ask(t, theirs, method, target, c.header), ask(t, ours, method, target, c.header)
		if want.Code == http.StatusMovedPermanently { // of names that are not tidy, which boot programs write
			want = ask(t, theirs, method, want.Header().Get("Location"), c.header)
		}
		if got.Code != want.Code || got.Body.String() != want.Body.String() {
			t.Errorf("%s %v: %d %q, net/http says %d %q", c.request, c.header, got.Code, got.Body, want.Code, want.Body)
		}
		for _, name := range []string{"Content-Length", "Content-Range", "Accept-Ranges", "Last-Modified"} {
			if name == "Last-Modified" && got.Code == http.StatusNotModified {
				continue // the tag says it (RFC 9110 section 15.4.5)
			}
			if got.Header().Get(name) != want.Header().Get(name) {
				t.Errorf("%s %v: %s %q, net/http says %q", c.request, c.header, name, got.Header().Get(name), want.Header().Get(name))
			}
		}
	}
	for _, c := range []struct {
		rule   string
		header map[string]string
		want   string
	}{
		{"what the client has", map[string]string{"If-None-Match": tag}, `304  ""`},
		{"something else", map[string]string{"If-None-Match": `"x"`}, `200  "0123456789"`},
		{"a part of the same", map[string]string{"Range": "bytes=2-3", "If-Range": tag}, `206 bytes 2-3/10 "23"`},
		{"a part of something else is all of this", map[string]string{"Range": "bytes=2-3", "If-Range": `"x"`}, `200  "0123456789"`},
		{"only if it is the same", map[string]string{"If-Match": tag}, `200  "0123456789"`},
		{"only if it is something else", map[string]string{"If-Match": `"x"`}, `412  ""`},
	} {
		if got := parts(t, ask(t, ours, "GET", "/f", c.header)); got != c.want {
			t.Errorf("%s: %v gives %s, want %s", c.rule, c.header, got, c.want)
		}
	}
}

func TestATagTellsStatesApart(t *testing.T) {
	when := time.Unix(1, 2)
	tags := map[string]bool{}
	for _, f := range []*content.File{
		content.NewFile("a", nil, 1, when, nil), content.NewFile("a", nil, 2, when, nil), content.NewFile("a", nil, 1, when.Add(time.Nanosecond), nil),
	} {
		tags[entityTag(f)] = true
	}
	if len(tags) != 3 {
		t.Errorf("the tags are %v", tags)
	}
	if tag := entityTag(content.NewFile("a", nil, 1, time.Time{}, nil)); tag != "" {
		t.Errorf("a file without a time has the tag %s", tag)
	}
}

func FuzzRanges(f *testing.F) {
	for _, ranges := range []string{"bytes=0-0", "bytes=-500", "bytes=u-u", "bytes=1-2, 5-", "bytes=,,9-", "x"} {
		f.Add(ranges, int64(10))
	}
	f.Fuzz(func(t *testing.T, ranges string, size int64) {
		if size < 0 || size > 1000 {
			return
		}
		whole := strings.Repeat("x", int(size))
		r := sensible(&http.Request{Method: "GET", Header: http.Header{"Range": {ranges}}}, size)
		w := httptest.NewRecorder()
		http.ServeContent(w, r, "f", time.Time{}, strings.NewReader(whole))
		switch w.Code {
		case http.StatusOK:
			if w.Body.String() != whole {
				t.Errorf("%q gives %q", ranges, w.Body)
			}
		case http.StatusPartialContent, http.StatusRequestedRangeNotSatisfiable:
			if r.Header.Get("Range") == "" {
				t.Errorf("%q gives %d", ranges, w.Code)
			}
		default:
			t.Errorf("%q gives %d", ranges, w.Code)
		}
	})
}
