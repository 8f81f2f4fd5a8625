package page

import (
	"context"
	"fmt"
	"testing"

	"anxin/app/lang"
	"anxin/app/shell"
	"anxin/app/uitest"
	"anxin/model"
)

// TestAListOfTheNewestSaysSo: a list that holds no more than the newest records
// says so and of how many, the search finds the others, and a search that finds
// more than a list holds says that too.
func TestAListOfTheNewestSaysSo(t *testing.T) {
	w := newWorld(t)
	changes := make([]model.Change, 2*mostRows+1)
	for i := range changes {
		changes[i].Record = &model.Grid{Code: fmt.Sprintf("4307251000%05d", i), Name: fmt.Sprintf("第%05d网格", i), Level: 3}
	}
	_, err := w.store.Commit(t.Context(), model.Batch{Author: w.me, Changes: changes})
	sure(t, err)
	for _, tag := range lang.Languages {
		uitest.Language(t, tag)
		p := NewEmployers(w.env, "")
		w.show(p)
		w.wide()
		w.screen.Tap(lang.T("employers.tab.grids"))
		w.screen.MustSee(lang.T("page.count.most", "n", "1,000", "total", "2,001"))
		w.screen.Capture("list-newest-" + tag)
		p.Find()
		w.screen.Type("第00000网格")
		w.screen.MustSee("第00000网格", lang.T("page.count", "n", 1))
		list := p.list.(*recordPage[model.Grid, *model.Grid])
		list.search.SetText("网格")
		w.screen.MustSee(lang.T("page.count.found", "n", grouped(list.list.Len()), "total", "2,001"))
	}
}

// later is a host that keeps work back until it is told to do it, as a window
// that goes on painting while a list is read.
type later struct {
	*stage
	held []func()
}

func (l *later) Run(_ string, work shell.Work, then func(error)) func() {
	ctx, stop := context.WithCancel(context.Background())
	l.held = append(l.held, func() { then(work(ctx, func(float64, string) {})) })
	return stop
}

// do does the work that was kept back, the newest first when turned round.
func (l *later) do(round bool) {
	list := l.held
	l.held = nil
	for i := range list {
		if round {
			i = len(list) - 1 - i
		}
		list[i]()
	}
}

// TestAPageIsUsedWhileItsListIsRead: nothing is read on the window's goroutine,
// the page takes a search meanwhile, and an older answer that comes late does not
// take the place of the newer.
func TestAPageIsUsedWhileItsListIsRead(t *testing.T) {
	w := newWorld(t)
	host := &later{stage: w.host}
	w.env.Host = host
	p := NewEmployers(w.env, "")
	w.show(p)
	w.screen.MustNotSee("桃花源第1建筑工程有限公司")
	p.Find()
	w.screen.Type("查无此厂")
	host.do(true)
	w.screen.Settle()
	w.screen.MustNotSee("桃花源第1建筑工程有限公司")
	w.screen.MustSee(lang.T("page.nomatch"))
	w.screen.Tap(lang.T("page.showall"))
	host.do(false)
	w.screen.Settle()
	w.screen.MustSee("桃花源第1建筑工程有限公司")
}
