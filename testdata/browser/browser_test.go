// Package browser_test opens a page of `bootrig test --report` in a real browser, Chromium.
package browser_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// sizes are those of a desktop and of a phone.
var sizes = map[string][2]int64{"desktop": {1280, 900}, "phone": {390, 844}}

// TestThePage wants the page's directory in REPORT, and puts screenshots into it: one run of it failed.
func TestThePage(t *testing.T) {
	dir, err := filepath.Abs(os.Getenv("REPORT"))
	if err != nil || os.Getenv("REPORT") == "" {
		t.Fatal("REPORT is no directory of a report: make report-check gives one")
	}
	for name, size := range sizes {
		t.Run(name, func(t *testing.T) {
			ctx, complaints := open(t, dir, size)
			everyRunIsShown(t, ctx)
			itFilters(t, ctx)
			aLinkOpensItsRun(t, ctx)
			nothingStandsOut(t, ctx, size[0])
			picture(t, ctx, filepath.Join(dir, name+".png"))
			for _, c := range complaints() {
				t.Errorf("the browser says: %s", c)
			}
		})
	}
}

// open opens the page, and collects what the browser complains of, and what it asks of anybody.
func open(t *testing.T, dir string, size [2]int64) (context.Context, func() []string) {
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox)
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 30*time.Second)
	t.Cleanup(cancel)
	page := "file://" + filepath.Join(dir, "index.html")
	said := make(chan string, 1000)
	must(t, chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *runtime.EventConsoleAPICalled:
			said <- fmt.Sprintf("console.%s", e.Type)
		case *runtime.EventExceptionThrown:
			said <- fmt.Sprintf("%s, line %d", e.ExceptionDetails.Text, e.ExceptionDetails.LineNumber+1)
		case *log.EventEntryAdded:
			said <- e.Entry.Text
		case *network.EventRequestWillBeSent:
			if !strings.HasPrefix(e.Request.URL, page) && !strings.HasPrefix(e.Request.URL, "data:") {
				said <- "it fetches " + e.Request.URL
			}
		}
	}))
	_, err := chromedp.Call(ctx, network.Enable, network.EnableParams{})
	must(t, err)
	_, err = chromedp.Call(ctx, log.Enable, cdp.Empty{})
	must(t, err)
	must(t, chromedp.Do(ctx, chromedp.EmulateViewport(size[0], size[1]), chromedp.Navigate(page)))
	return ctx, func() (all []string) {
		for {
			select {
			case s := <-said:
				all = append(all, s)
			default:
				return all
			}
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// eval is the value of an expression of the page's.
func eval[T any](t *testing.T, ctx context.Context, expression string) (value T) {
	t.Helper()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	must(t, err)
	return value
}

// do has the page do something.
func do(t *testing.T, ctx context.Context, statement string) {
	t.Helper()
	must(t, chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](statement)))
}

const shown = `[...document.querySelectorAll("#runs tbody tr")].filter(r => r.offsetParent).length`

func everyRunIsShown(t *testing.T, ctx context.Context) {
	rows, bodies := eval[int](t, ctx, shown), eval[int](t, ctx, `document.querySelectorAll(".run").length`)
	if rows == 0 || rows != bodies {
		t.Errorf("%d rows for %d runs", rows, bodies)
	}
	if open := eval[int](t, ctx, `document.querySelectorAll('.run[open] .badge.failed').length`); open == 0 {
		t.Error("no failed run is open")
	}
}

func itFilters(t *testing.T, ctx context.Context) {
	all := eval[int](t, ctx, shown)
	failed := eval[int](t, ctx, `document.querySelectorAll('#runs tr[data-outcome="failed"]').length`)
	choose := func(name, value string) {
		do(t, ctx, fmt.Sprintf(`form.elements.%s.value = %q; form.dispatchEvent(new Event("input"))`, name, value))
	}
	choose("outcome", "failed")
	if n := eval[int](t, ctx, shown); n != failed || failed == 0 || failed == all {
		t.Errorf("of %d runs %d failed, and %d are shown", all, failed, n)
	}
	choose("outcome", "")
	do(t, ctx, `form.elements.text.focus()`)
	must(t, chromedp.Do(ctx, chromedp.KeyEvent("no such words are on the page")))
	if n := eval[int](t, ctx, shown); n != 0 {
		t.Errorf("%d runs have words that none has", n)
	}
	choose("text", "PXELINUX") // in a console, far below
	if n := eval[int](t, ctx, shown); n == 0 || n == all {
		t.Errorf("%d of %d runs tell of pxelinux", n, all)
	}
	choose("text", "")
	if n := eval[int](t, ctx, shown); n != all {
		t.Errorf("%d of %d runs are shown without a filter", n, all)
	}
}

func aLinkOpensItsRun(t *testing.T, ctx context.Context) {
	last := `[...document.querySelectorAll(".run")].at(-1)`
	do(t, ctx, last+`.open = false; [...document.querySelectorAll("#runs a")].at(-1).click()`)
	_, err := chromedp.Run(ctx, chromedp.Poll[bool](last+`.open`))
	must(t, err)
}

// nothingStandsOut wants no scrolling to the side.
func nothingStandsOut(t *testing.T, ctx context.Context, width int64) {
	do(t, ctx, `document.querySelectorAll("details").forEach(d => d.open = true)`)
	if w := eval[int64](t, ctx, `document.documentElement.scrollWidth`); w > width {
		wide := eval[string](t, ctx, fmt.Sprintf(`[...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > %d).map(e => e.outerHTML.slice(0, 200)).slice(0, 3).join("\n")`, width))
		t.Errorf("the page is %d wide, the window %d:\n%s", w, width, wide)
	}
}

// picture keeps what the page looks like, with the runs that failed open.
func picture(t *testing.T, ctx context.Context, file string) {
	do(t, ctx, `document.querySelectorAll("details").forEach(d => d.open = d.matches(".run:has(.badge.failed)")); scrollTo(0, 0)`)
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	must(t, err)
	must(t, os.WriteFile(file, png, 0o644))
}
