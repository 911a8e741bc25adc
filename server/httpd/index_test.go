package httpd

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/content"
)

// rows are those of the table in an index.
func rows(page string) string {
	_, rest, _ := strings.Cut(page, "Date (UTC)</th></tr>\n")
	table, _, _ := strings.Cut(rest, "</table>")
	return table
}

func TestADirectoryIsListedSafely(t *testing.T) {
	when := time.Date(2024, 2, 29, 12, 0, 5, 0, time.FixedZone("", 3600))
	page := index("/odd", []content.Entry{
		{Name: ".treeinfo", Size: 1500, ModTime: when}, {Name: "<i>", Size: 0}, {Name: `a b&c"`, Size: 5 << 30}, {Name: "out", Size: -1}, {Name: "sub", IsDir: true, ModTime: when}, {Name: "x:y%2f?#", Size: 1}, {Name: "caf\xe9", Size: 1},
	})
	want := `<tr><td><a href="../">../</a></td><td></td><td></td></tr>
<tr><td><a href="./.treeinfo">.treeinfo</a></td><td title="1500 bytes">1.5 KiB</td><td>2024-02-29 11:00:05</td></tr>
<tr><td><a href="./%3Ci%3E">&lt;i&gt;</a></td><td title="0 bytes">0 bytes</td><td></td></tr>
<tr><td><a href="./a%20b&amp;c%22">a b&amp;c&#34;</a></td><td title="5368709120 bytes">5 GiB</td><td></td></tr>
<tr><td><a href="./out">out</a></td><td>a link to nothing here</td><td></td></tr>
<tr><td><a href="./sub/">sub/</a></td><td></td><td>2024-02-29 11:00:05</td></tr>
<tr><td><a href="./x:y%252f%3F%23">x:y%2f?#</a></td><td title="1 bytes">1 byte</td><td></td></tr>
<tr><td><a href="./caf%E9">caf` + "\xe9" + `</a></td><td title="1 bytes">1 byte</td><td></td></tr>
`
	if diff := cmp.Diff(want, rows(page)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !strings.Contains(page, "<title>Files in /odd/</title>") || !strings.HasPrefix(page, "<!DOCTYPE html>\n") {
		t.Errorf("the page is\n%s", page)
	}
	if top := rows(index("/", nil)); top != "" {
		t.Errorf("above the top is %s", top)
	}
}

func TestAnIndexLeadsToEveryFile(t *testing.T) {
	h := Handler(tree(t), "x:1", nil, nil, nil)
	page := ask(t, h, "GET", "/odd/", nil).Body.String()
	links := strings.Split(rows(page), `href="./`)[1:]
	if len(links) != 4 {
		t.Fatalf("the index has %q", links)
	}
	for _, link := range links {
		target, _, _ := strings.Cut(link, `"`)
		target = strings.ReplaceAll(target, "&amp;", "&")
		if got := ask(t, h, "GET", "/odd/"+target, nil); got.Code != 200 {
			t.Errorf("%s leads to %d", target, got.Code)
		}
	}
}
