package page

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"anxin/app/casework"
	"anxin/app/lang"
	"anxin/app/uitest"
	"anxin/app/widgets"
	"anxin/model"
)

// hub stands for the central system.
type hub struct {
	status    HubStatus
	conflicts []model.Conflict
	codes     []string
	synced    int
	told      []string
	fail      error
	files     []string
	sum       HubSummary
}

func (h *hub) Pause(on bool) error              { h.status.Paused = on; return nil }
func (h *hub) SetMetered(on bool) error         { h.status.Metered = on; return nil }
func (h *hub) ClearAlarm(context.Context) error { h.status.Alarm = ""; return nil }
func (h *hub) Heard(context.Context) error      { h.status.Notes = nil; return nil }

func (h *hub) UsbOut(_ context.Context, path string) (HubSummary, error) {
	h.files = append(h.files, "out "+path)
	return HubSummary{Pushed: 7, Blobs: 2}, h.fail
}

func (h *hub) UsbIn(_ context.Context, path string) (HubSummary, error) {
	h.files = append(h.files, "in "+path)
	return HubSummary{Pushed: 7, Pulled: 4, Blobs: 1}, h.fail
}

func (h *hub) Status(context.Context) (HubStatus, error)           { return h.status, nil }
func (h *hub) Conflicts(context.Context) ([]model.Conflict, error) { return h.conflicts, nil }

func (h *hub) Enrol(_ context.Context, code string) error {
	h.codes = append(h.codes, code)
	if h.fail == nil {
		h.status.Enrolled, h.status.URL = true, "https://hub.taohuayuan.gov.cn"
	}
	return h.fail
}

func (h *hub) Sync(_ context.Context, tell func(float64, string)) (HubSummary, error) {
	h.synced++
	tell(0.5, "正在上传")
	if h.fail != nil {
		return HubSummary{}, h.fail
	}
	h.status.Pending = 0
	h.sum.Pushed, h.sum.Pulled, h.sum.Blobs = 7, 3, 2
	return h.sum, nil
}

func (w *world) hub() *hub {
	h := &hub{}
	w.env.Hub, w.env.Numbers = h, w.store
	return h
}

func TestLaptopIsEnrolledAndSynced(t *testing.T) {
	w := newWorld(t)
	h := w.hub()
	h.status.Pending = 7
	p := NewSync(w.env, "")
	w.show(p)
	w.screen.Resize(1366-168, 768-60)
	w.screen.MustSee(lang.T("sync.enrolled.no"), lang.T("sync.enrol.text"), lang.T("sync.never"))
	w.screen.Capture("sync-new")
	p.Submit() // not enrolled: does nothing
	w.screen.Tap(lang.T("sync.enrol"))
	w.screen.MustSee(lang.T("sync.code.needed"))
	w.screen.Tap(lang.T("dialog.close"))
	h.fail = errors.New("入网码已经用过，请向管理员另要一个")
	w.screen.Fill(lang.T("sync.code"), " ABC-123 ")
	w.screen.Tap(lang.T("sync.enrol"))
	w.screen.MustSee("入网码已经用过")
	w.screen.Tap(lang.T("dialog.close"))
	h.fail = nil
	w.screen.Tap(lang.T("sync.enrol"))
	w.screen.MustSee(lang.T("sync.enrolled.yes"), "https://hub.taohuayuan.gov.cn")
	w.screen.MustNotSee(lang.T("sync.enrol.text"))
	if strings.Join(h.codes, ",") != "ABC-123,ABC-123" {
		t.Errorf("codes %q", h.codes)
	}
	h.status.LastSync = time.Date(2026, 9, 18, 1, 0, 0, 0, time.UTC)
	w.act(lang.T("sync.now"))
	w.screen.MustSee(lang.T("sync.pending.n", "n", 0), "2026-09-18 09:00")
	if h.synced != 1 || w.host.said[len(w.host.said)-1] != lang.T("sync.done", "pushed", 7, "pulled", 3, "files", 2) {
		t.Errorf("synced %d, said %q", h.synced, w.host.said)
	}
	h.fail = errors.New("连不上服务器，请检查网络后重试")
	w.act(lang.T("sync.now"))
	w.screen.MustSee(lang.T("sync.failed"), "连不上服务器，请检查网络后重试")
	w.screen.Capture("sync-failed")
	h.fail = nil
	w.act(lang.T("sync.now"))
	w.screen.MustNotSee("连不上服务器")
}

func TestSyncCanBeStopped(t *testing.T) {
	w := newWorld(t)
	h := w.hub()
	h.status.Enrolled = true
	p := NewSync(w.env, "")
	w.show(p)
	stopped := false
	p.running, p.cancel = true, func() { stopped = true }
	p.draw()
	w.screen.MustNotSee(lang.T("sync.stopping"))
	p.Submit() // one at a time
	w.screen.Tap(lang.T("sync.stop"))
	w.screen.MustSee(lang.T("sync.stopping"))
	if !stopped || h.synced != 0 {
		t.Errorf("stopped %v, synced %d", stopped, h.synced)
	}
	p.synced(HubSummary{}, context.Canceled)
	w.screen.MustNotSee(lang.T("sync.stop"))
	if got := w.host.said[len(w.host.said)-1]; got != lang.T("sync.stopped") {
		t.Errorf("said %q", got)
	}
}

func TestConflictsNameTheirFields(t *testing.T) {
	w := newWorld(t)
	h := w.hub()
	h.status.Enrolled = true
	h.conflicts = []model.Conflict{{Record: w.employer, Kind: model.KindEmployer, Fields: []string{"phone", "legal_rep", "of_a_newer_program"}, At: w.clock.Now()}}
	p := NewSync(w.env, "")
	w.show(p)
	w.screen.Resize(1366-168, 768-60)
	w.screen.MustSee("桃花源第1建筑工程有限公司", "联系电话、法定代表人、of_a_newer_program")
	w.screen.Capture("sync-conflict")
	w.screen.Tap("桃花源第1建筑工程有限公司")
	if got := w.host.last(); got != [2]string{"employers", string(w.employer)} || w.host.counts["sync"] != 1 {
		t.Errorf("went to %v, counts %v", got, w.host.counts)
	}
}

func TestBlockIsRegisteredByHand(t *testing.T) {
	w := newWorld(t)
	w.hub()
	p := NewSync(w.env, "")
	w.show(p)
	w.screen.Resize(1000-48, 700-60)
	w.act(lang.T("sync.block.add"))
	w.screen.Tap(lang.T("sync.block.verb"))
	w.screen.MustSee(lang.T("sync.block.series.needed"), lang.T("sync.block.order"), lang.T("sync.block.by.needed"))
	w.screen.Pick(lang.T("sync.block.series"), "劳动保障监察限期改正指令书（劳监令/2026）")
	w.screen.Fill(lang.T("sync.block.from"), "101")
	w.screen.Fill(lang.T("sync.block.to"), "100")
	w.screen.Fill(lang.T("sync.block.by"), "局办公室9月1日通知")
	w.screen.Tap(lang.T("sync.block.verb"))
	w.screen.MustSee(lang.T("sync.block.order"))
	w.screen.Capture("sync-block")
	w.screen.Fill(lang.T("sync.block.to"), "108")
	w.screen.Tap(lang.T("sync.block.verb"))
	w.screen.MustSee("第 101–108 号", lang.T("sync.block.left", "n", 8), "局办公室9月1日通知")
	w.screen.Capture("sync-blocks")
	blocks, err := w.store.Blocks(t.Context())
	sure(t, err)
	found := false
	for _, b := range blocks {
		found = found || b.Series == "劳监令/2026" && b.From == 101 && b.To == 108
	}
	if !found {
		t.Errorf("blocks %+v", blocks)
	}
	w.act(lang.T("sync.block.add"))
	w.screen.Pick(lang.T("sync.block.series"), "劳动保障监察限期改正指令书（劳监令/2026）")
	w.screen.Fill(lang.T("sync.block.from"), "105")
	w.screen.Fill(lang.T("sync.block.to"), "120")
	w.screen.Fill(lang.T("sync.block.by"), "局办公室")
	w.screen.Tap(lang.T("sync.block.verb"))
	w.screen.MustSee("重叠")
}

func TestSyncInEnglish(t *testing.T) {
	w := newWorld(t)
	w.hub()
	uitest.Language(t, "en")
	w.show(NewSync(w.env, ""))
	w.screen.Resize(1366-168, 768-60)
	w.screen.MustSee("Not connected", "Number blocks")
	w.screen.Capture("sync-english")
}

// settler writes down which other heads an act put an end to; the store of a
// single laptop has none.
type settler struct {
	casework.Journal
	settled []model.Rev
}

func (s *settler) Commit(ctx context.Context, b model.Batch) ([]model.Revision, error) {
	for i := range b.Changes {
		s.settled = append(s.settled, b.Changes[i].Settles)
		b.Changes[i].Settles = ""
	}
	return s.Journal.Commit(ctx, b)
}

// twoVersions puts an employer into conflict: another laptop changed its phone
// and its representative too.
func (w *world) twoVersions(h *hub) model.Conflict {
	w.Helper()
	other, err := readOne[model.Employer](w.env, w.employer)
	sure(w, err)
	base := other.Rev
	v := *other.Value
	v.Phone, v.LegalRep = "0736-6629999", "王五"
	revs, err := w.store.Commit(w.Context(), model.Batch{Author: w.other, Changes: []model.Change{{ID: w.employer, Base: base, Record: &v}}})
	sure(w, err)
	v.Phone, v.LegalRep = "0736-6620000", "赵六"
	ours, err := w.store.Commit(w.Context(), model.Batch{Author: w.me, Changes: []model.Change{{ID: w.employer, Base: revs[0].Rev, Record: &v}}})
	sure(w, err)
	c := model.Conflict{Record: w.employer, Kind: model.KindEmployer, Base: base, Ours: ours[0].Rev, Theirs: revs[0].Rev, Fields: []string{"phone", "legal_rep"}, At: w.clock.Now()}
	h.status.Enrolled, h.conflicts = true, []model.Conflict{c}
	return c
}

// TestConflictIsSettledByKeys: from the sync page to the conflict, through the
// choices to the settlement without a mouse; what was chosen stands.
func TestConflictIsSettledByKeys(t *testing.T) {
	for _, tag := range lang.Languages {
		t.Run(tag, func(t *testing.T) {
			w := newWorld(t)
			h := w.hub()
			c := w.twoVersions(h)
			j := &settler{Journal: w.store}
			w.env.Desk.Journal = j
			uitest.Language(t, tag)
			w.show(NewSync(w.env, ""))
			w.wide()
			w.screen.Tap(lang.T("sync.compare"))
			if got := w.host.last(); got != [2]string{"sync", ConflictArg + string(c.Theirs)} {
				t.Fatalf("went to %v", got)
			}
			p := NewConflict(w.env, w.host.last()[1])
			w.show(p)
			w.wide()
			p.FocusFirst()
			w.screen.MustSee("王五", "赵六", "0736-6629999", "0736-6620000", lang.T("sync.side.base"))
			w.screen.MustSee(joined(lang.T("sync.side.ours"), p.regs.name(w.me), minuteText(c.At)), joined(lang.T("sync.side.theirs"), p.regs.name(w.other), minuteText(c.At)))
			w.screen.Capture("sync-conflict-" + tag)
			w.screen.Press(fyne.KeyRight, fyne.KeySpace) // of the phone theirs
			w.screen.Press(fyne.KeyTab)
			if p.picks[0].Key() != takeTheirs || p.picks[1].Key() != takeOurs || w.screen.Focused() != fyne.Focusable(p.picks[1]) {
				t.Errorf("chosen %q and %q", p.picks[0].Key(), p.picks[1].Key())
			}
			p.Submit()
			k, err := readOne[model.Employer](w.env, w.employer)
			sure(t, err)
			if k.Value.Phone != "0736-6629999" || k.Value.LegalRep != "赵六" || len(j.settled) != 1 || j.settled[0] != c.Theirs {
				t.Errorf("settled %v as %+v", j.settled, k.Value)
			}
			if got := w.host.last(); got != [2]string{"sync", ""} {
				t.Errorf("went to %v", got)
			}
			h.conflicts = nil
			w.show(NewConflict(w.env, ConflictArg+string(c.Theirs)))
			w.screen.MustSee(lang.T("sync.conflict.gone"))
		})
	}
}

// TestConflictShowsLongFieldsPhotosAndRows: a long text whole, a photo by its
// name, the rows of a table below one another, an answer within the checklist.
func TestConflictShowsLongFieldsPhotosAndRows(t *testing.T) {
	for _, tag := range lang.Languages {
		t.Run(tag, func(t *testing.T) {
			w := newWorld(t)
			h := w.hub()
			uitest.Language(t, tag)
			w.cabinet()
			piece, err := w.env.Desk.AddEvidence(t.Context(), casework.EvidenceIn{Name: "工地大门.jpg", Category: "视听资料"}, strings.NewReader("picture"))
			sure(t, err)
			v := model.Document{Type: "D06", Title: "限期改正指令书", State: model.DocumentDraft, Fields: map[string]any{"facts": "原来"}}
			id, err := w.env.Desk.Save(t.Context(), "", "", &v)
			sure(t, err)
			k, err := readOne[model.Document](w.env, id)
			sure(t, err)
			base := k.Rev
			long := strings.Repeat("在安置房1期工程未与进场施工的农民工订立劳动合同。", 30)
			other := *k.Value
			other.Fields = map[string]any{"facts": long, "photo": string(piece.ID), "workers": []any{map[string]any{"name": "张三", "owed": "1,200"}, map[string]any{"name": "李四"}}}
			theirs, err := w.store.Commit(t.Context(), model.Batch{Author: w.other, Changes: []model.Change{{ID: id, Base: base, Record: &other}}})
			sure(t, err)
			mine := *k.Value
			mine.Fields = map[string]any{"facts": "短", "workers": []any{}}
			_, err = w.store.Commit(t.Context(), model.Batch{Author: w.me, Changes: []model.Change{{ID: id, Base: theirs[0].Rev, Record: &mine}}})
			sure(t, err)
			c := model.Conflict{Record: id, Kind: model.KindDocument, Base: base, Theirs: theirs[0].Rev, Fields: []string{"fields.facts", "fields.photo", "fields.workers"}, At: w.clock.Now()}
			h.status.Enrolled, h.conflicts = true, []model.Conflict{c}
			w.env.Desk.Journal = &settler{Journal: w.store}
			p := NewConflict(w.env, ConflictArg+string(c.Theirs))
			w.show(p)
			w.wide()
			w.screen.MustSee(long, "短", "原来", "工地大门.jpg", "1. ", "张三", "2. ", paperLabel("facts"))
			w.screen.Capture("sync-conflict-long-" + tag)
			w.screen.Resize(863, 452)
			w.screen.Capture("sync-conflict-narrow-" + tag)
			w.act(lang.T("sync.take.all.theirs"))
			p.Submit()
			k, err = readOne[model.Document](w.env, id)
			sure(t, err)
			if rows, _ := k.Value.Fields["workers"].([]any); k.Value.Fields["facts"] != long || len(rows) != 2 || k.Value.Fields["photo"] != string(piece.ID) {
				t.Errorf("settled as %+v", k.Value.Fields)
			}
		})
	}
}

func TestLineIsPausedSparedAndCarried(t *testing.T) {
	for _, tag := range lang.Languages {
		t.Run(tag, func(t *testing.T) {
			w := newWorld(t)
			h := w.hub()
			h.status = HubStatus{Enrolled: true, Pending: 3, Logged: 40, BackedUp: 31, Files: 2, Bytes: 3 << 20, Alarm: "2026-09-18 局服务器出示的日志与它以前签名的检查点矛盾"}
			uitest.Language(t, tag)
			p := NewSync(w.env, "")
			w.show(p)
			w.wide()
			w.screen.MustSee("检查点矛盾", lang.T("sync.alarm.text"), lang.T("sync.pending.n", "n", 43), lang.T("sync.pending.n", "n", 31), "3.0 MB")
			w.screen.Capture("sync-line-" + tag)
			w.screen.Tap(lang.T("sync.alarm.clear"))
			w.tapLast(lang.T("sync.alarm.clear"))
			w.screen.MustNotSee("检查点矛盾")
			w.screen.Tap(lang.T("sync.pause"))
			w.screen.MustSee(lang.T("sync.paused"))
			w.screen.Tap(lang.T("sync.metered"))
			if !h.status.Paused || !h.status.Metered {
				t.Errorf("stands %+v", h.status)
			}
			p.Submit() // paused: does nothing
			w.screen.Tap(lang.T("sync.pause"))
			if h.synced != 0 || h.status.Paused {
				t.Errorf("synced %d, stands %+v", h.synced, h.status)
			}
			h.sum = HubSummary{Deferred: 2, Notes: []string{"局里有2份单位资料"}}
			p.Submit()
			w.screen.MustSee("局里有2份单位资料", lang.T("sync.deferred", "n", 2))
			w.screen.Press(fyne.KeyEscape)
			uitest.AnswerFiles(t, "/stick/a.anxin", "/stick/b.anxin")
			w.screen.Tap(lang.T("sync.usb.out"))
			w.screen.MustSee(lang.T("sync.usb.out.done", "n", 7, "files", 2, "file", "/stick/a.anxin"))
			w.screen.Press(fyne.KeyEscape)
			w.screen.Tap(lang.T("sync.usb.in"))
			w.screen.MustSee(lang.T("sync.usb.in.done", "pushed", 7, "pulled", 4, "files", 1))
			if strings.Join(h.files, ",") != "out /stick/a.anxin,in /stick/b.anxin" {
				t.Errorf("files %q", h.files)
			}
		})
	}
}

// tabTo moves the keyboard to the control that reads so.
func (w *world) tabTo(text string) {
	w.Helper()
	var passed []string
	for range 100 {
		w.screen.Press(fyne.KeyTab)
		switch f := w.screen.Focused().(type) {
		case *widgets.Button:
			if f.Text == text {
				return
			}
			passed = append(passed, f.Text)
		case *widgets.Check:
			if f.Text == text {
				return
			}
			passed = append(passed, f.Text)
		}
	}
	w.Fatalf("the keyboard does not come to %q, only to %q", text, passed)
}

// Everything on the page can be done without a mouse: pausing, sparing the
// line, and both ways by a stick.
func TestSticksAreCarriedByKeyboard(t *testing.T) {
	w := newWorld(t)
	h := w.hub()
	h.status = HubStatus{Enrolled: true, URL: "https://hub.taohuayuan.gov.cn", Pending: 3}
	w.show(NewSync(w.env, ""))
	w.wide()
	w.screen.MustSee("https://hub.taohuayuan.gov.cn", lang.T("sync.conflicts.none"))
	w.screen.MustNotSee(lang.T("sync.conflicts", "n", 0))
	w.tabTo(lang.T("sync.metered"))
	w.screen.Type(" ")
	if !h.status.Metered {
		t.Error("the line is not spared")
	}
	uitest.AnswerFiles(t, "/stick/a.anxin", "/stick/b.anxin")
	w.tabTo(lang.T("sync.usb.out"))
	w.screen.Press(fyne.KeyReturn)
	w.screen.MustSee(lang.T("sync.usb.out.done", "n", 7, "files", 2, "file", "/stick/a.anxin"))
	w.screen.Press(fyne.KeyEscape)
	w.tabTo(lang.T("sync.usb.in"))
	w.screen.Press(fyne.KeyReturn)
	w.screen.MustSee(lang.T("sync.usb.in.done", "pushed", 7, "pulled", 4, "files", 1))
	if strings.Join(h.files, ",") != "out /stick/a.anxin,in /stick/b.anxin" {
		t.Errorf("files %q", h.files)
	}
}

// An exchange the program ran by itself shows on the page: why it failed, and
// what people should read.
func TestThePageFollowsTheProgram(t *testing.T) {
	w := newWorld(t)
	h := w.hub()
	h.status = HubStatus{Enrolled: true}
	p := NewSync(w.env, "")
	w.show(p)
	w.wide()
	h.status.Failure, h.status.Notes = "连不上局服务器 hub，请检查网络后再同步", []HubNote{{At: w.clock.Now(), Text: "局里有2份单位资料"}}
	p.Exchanged()
	w.screen.MustSee(lang.T("sync.failed"), "连不上局服务器 hub", "局里有2份单位资料")
	p.running = true
	h.status.Failure = ""
	p.Exchanged() // one's own is under way
	w.screen.MustSee("局里有2份单位资料")
	p.running = false
	h.status.Notes = nil
	p.Exchanged()
	w.screen.MustNotSee("连不上局服务器 hub", "局里有2份单位资料")
}
