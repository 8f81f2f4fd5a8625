package page

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"anxin/app/lang"
	"anxin/app/uitest"
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
	return HubSummary{Pushed: 7, Pulled: 3, Blobs: 2}, nil
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
	w.screen.Tap(lang.T("sync.settle"))
	w.screen.MustSee("联系电话、法定代表人", "以本机现在的内容为准")
	w.screen.Capture("sync-settle")
	w.screen.Press(fyne.KeyEscape)
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
