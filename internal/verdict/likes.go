package verdict

import "github.com/bootrig/bootrig/wire/event"

// likes are the files that are there in place of those that are not, by the names that were asked for. Only who has the
// files knows them.
type likes map[string]string

func (l *likes) take(e event.Event) {
	like := e.Attr("like")
	if like == "" || len(*l) >= maxFiles && (*l)[e.Path] == "" {
		return
	}
	if *l == nil {
		*l = likes{}
	}
	(*l)[e.Path] = like
}
