package page

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"anxin/app/lang"
	"anxin/app/uitest"
	"anxin/model"
)

// TestThePageSaysWhatToDo: each state of the line in a word, with a sentence on
// what goes on or what to do about it.
func TestThePageSaysWhatToDo(t *testing.T) {
	for _, x := range []struct {
		name          string
		status        HubStatus
		state, advice string
	}{
		{"alone", HubStatus{}, "sync.enrolled.no", "sync.enrol.text"},
		{"well", HubStatus{Enrolled: true}, "sync.enrolled.yes", "sync.auto"},
		{"paused", HubStatus{Enrolled: true, Paused: true, Failure: "old"}, "sync.paused", "sync.paused.text"},
		{"stalled", HubStatus{Enrolled: true, Stalled: true}, "sync.stalled", "sync.stalled.text"},
		{"failing", HubStatus{Enrolled: true, Failure: "连不上局服务器"}, "sync.enrolled.yes", "sync.failed.text"},
		{"alarm", HubStatus{Enrolled: true, Stalled: true, Alarm: "2026-09-18 09:30:00 局服务器的签名不正确，请不要继续同步并联系管理员"}, "sync.alarm.state", "sync.alarm.text"},
	} {
		for _, tag := range lang.Languages {
			w := newWorld(t)
			h := w.hub()
			h.status = x.status
			uitest.Language(t, tag)
			w.show(NewSync(w.env, ""))
			w.wide()
			w.screen.MustSee(lang.T(x.state), lang.T(x.advice))
			for _, other := range []string{"sync.auto", "sync.paused.text", "sync.stalled.text", "sync.failed.text"} {
				if other != x.advice {
					w.screen.MustNotSee(lang.T(other))
				}
			}
			if x.name == "alarm" && tag == "en" {
				w.screen.MustSee("2026-09-18 09:30:00 The signature of the hub is wrong")
			}
			w.screen.Capture("sync-state-" + x.name + "-" + tag)
		}
	}
}

// asideOf is what the hub set aside of the world's employer, and of its site.
func (w *world) asideOf() []model.Aside {
	at := w.clock.Now()
	return []model.Aside{
		{Seq: 3, Position: 9, Record: w.employer, Kind: model.KindEmployer, Rev: "2-a", Time: at, Reason: "本机无权写入“乙县”范围的记录"},
		{Seq: 4, Position: 10, Record: w.employer, Kind: model.KindEmployer, Rev: "3-b", Time: at.Add(time.Minute), Reason: "它所依据的上一版本不在局服务器上"},
		{Seq: 7, Position: 14, Record: w.site, Kind: model.KindSite, Rev: "2-c", Time: at, Reason: "它所依据的上一版本不在局服务器上"},
	}
}

// TestWhatTheHubSetAside: by record, with the hub's reason and the cure, opened and
// hidden by keys; what is hidden stays so, what comes new is told.
func TestWhatTheHubSetAside(t *testing.T) {
	for _, tag := range lang.Languages {
		t.Run(tag, func(t *testing.T) {
			w := newWorld(t)
			h := w.hub()
			list := w.asideOf()
			reason := list[0].Reason
			h.status = HubStatus{Enrolled: true, Aside: list, Notes: []HubNote{{At: w.clock.Now(), Text: "第 3 条操作：" + reason}}}
			uitest.Language(t, tag)
			p := NewSync(w.env, "")
			w.show(p)
			w.wide()
			w.screen.MustSee(lang.T("sync.aside", "n", 2), "桃花源第1建筑工程有限公司", lang.T("sync.aside.more", "n", 2), lang.Said(reason),
				lang.T("sync.aside.cure.grant"), lang.T("sync.aside.cure.parent"))
			w.screen.MustNotSee(lang.T("sync.told")) // the list says it better
			if tag == "en" {
				w.screen.MustNotSee("本机无权", "它所依据")
			}
			w.screen.Capture("sync-aside-" + tag)
			w.tabTo(lang.T("sync.aside.hide"))
			w.screen.Press(fyne.KeyReturn)
			w.screen.MustSee(lang.T("sync.aside.sure"))
			w.screen.Press(fyne.KeyReturn)
			w.screen.MustNotSee(lang.T("sync.aside.cure.grant"))
			h.status.Aside = append(list[2:], model.Aside{Seq: 9, Record: w.employer, Kind: model.KindEmployer, Rev: "4-d", Time: w.clock.Now(), Reason: "同一编号已用于别的种类的记录"})
			p.Refresh()
			w.screen.MustSee(lang.T("sync.aside", "n", 2), lang.T("sync.aside.cure"))
			h.status.Aside = nil
			p.Refresh()
			w.screen.MustNotSee(lang.T("sync.aside.text"))
		})
	}
}

// TestWhatExchangesToldStaysUntilItIsRead, newest first and in the language of the
// screen.
func TestWhatExchangesToldStaysUntilItIsRead(t *testing.T) {
	w := newWorld(t)
	h := w.hub()
	h.status = HubStatus{Enrolled: true, Notes: []HubNote{{At: w.clock.Now(), Text: "本机时间与局服务器相差约 7 分钟，请核对"},
		{At: w.clock.Now().Add(time.Hour), Text: "文号 桃人社劳监令字〔2026〕第3号 在另一份文书上也用了，请向局里核实"}}}
	uitest.Language(t, "en")
	w.show(NewSync(w.env, ""))
	w.wide()
	w.screen.MustSee("differ by about 7 minutes", "stands on another paper too")
	w.screen.Capture("sync-told")
	all := uitest.Words(w.screen.Win.Content())
	if strings.Index(all, "another paper") > strings.Index(all, "7 minutes") {
		t.Errorf("the older stands above: %s", all)
	}
	w.tabTo(lang.T("sync.told.clear"))
	w.screen.Press(fyne.KeyReturn)
	w.screen.MustNotSee("7 minutes", lang.T("sync.told"))
}

// TestAnExchangeOfTheProgramIsSeen while it runs, without taking the keyboard from
// where it is; one's own shows itself.
func TestAnExchangeOfTheProgramIsSeen(t *testing.T) {
	w := newWorld(t)
	h := w.hub()
	h.status = HubStatus{Enrolled: true}
	p := NewSync(w.env, "")
	w.show(p)
	w.wide()
	p.Moved(0.25, "接收记录 250/1000，还需约 2 分钟")
	w.screen.MustSee("接收记录 250/1000，还需约 2 分钟")
	w.screen.Capture("sync-moving")
	w.tabTo(lang.T("sync.metered"))
	at := w.screen.Focused()
	p.Moved(0.5, "接收记录 500/1000，不到 1 分钟")
	w.screen.MustSee("500/1000")
	if w.screen.Focused() != at || p.bar.Value() != 0.5 {
		t.Errorf("the keyboard is on %v, the bar at %v", w.screen.Focused(), p.bar.Value())
	}
	w.screen.Type(" ")
	if !h.status.Metered || w.screen.Focused() != at {
		t.Errorf("metered %v, the keyboard is on %v", h.status.Metered, w.screen.Focused())
	}
	p.Exchanged()
	w.screen.MustNotSee("500/1000")
	p.running = true
	p.Moved(0.1, "接收记录 100/1000")
	w.screen.MustNotSee("100/1000")
}

// TestCuresOfWhatTheHubSetAside: each reason of the hub's leads to its own cure.
func TestCuresOfWhatTheHubSetAside(t *testing.T) {
	for _, c := range []struct{ reason, want string }{
		{"本机无权写入“乙县”范围的记录", "sync.aside.cure.grant"},
		{"本机无权改动“文号与印章”范围的记录", "sync.aside.cure.grant"},
		{"它所依据的上一版本不在局服务器上", "sync.aside.cure.parent"},
		{"操作所记的文号与文书内容不一致", "sync.aside.cure.number"},
		{"操作的范围或文号序列的名称不正确", "sync.aside.cure"},
		{"同一编号已用于别的种类的记录", "sync.aside.cure"},
	} {
		for range 20 { // nothing of it is left to chance
			if got := cureKey(c.reason); got != c.want {
				t.Fatalf("%s: %s, want %s", c.reason, got, c.want)
			}
		}
	}
}
