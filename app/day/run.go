package day

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"anxin/app/casework"
	"anxin/app/office"
	"anxin/model"
	"anxin/model/seal"
)

// Passphrase opens the sample's folders.
const Passphrase = "示例口令-2026"

// Options say where the day lies, where it goes and who watches.
type Options struct {
	In  fs.FS
	Out string
	// Before and After are called around every step with its name; nil is
	// silent. The first laptop's office is nil until it is set up. An error
	// from After ends the day.
	Before func(step string)
	After  func(step string, o *office.Office) error
	// Params of the passphrase; zero: the defaults.
	Params seal.Params
}

// run is one day under way.
type run struct {
	opt     Options
	plan    Plan
	clock   *clock
	ids     *ids
	sum     *Summary
	first   *office.Office
	second  *office.Office
	central *central
	refs    refs
}

// step is one thing the day does. done looks in the journal (or on disk)
// whether it happened already; then do is passed over.
type step struct {
	name string
	at   time.Time
	done func(context.Context) (bool, error)
	do   func(context.Context) error
}

// Steps is how many steps the day has.
func Steps() int { return len((&run{}).steps()) }

// Run works through the day. It may be called again on the same output folder
// after being cut off anywhere.
func Run(ctx context.Context, opt Options) (*Summary, error) {
	plan, err := ReadPlan(opt.In)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Join(opt.Out, documentsDir), 0o755); err != nil {
		return nil, fmt.Errorf("建立输出文件夹“%s”: %w", opt.Out, err)
	}
	sum, err := readSummary(opt.Out)
	if err != nil {
		return nil, err
	}
	c := &clock{now: plan.at(8, 0)}
	r := &run{opt: opt, plan: plan, clock: c, ids: &ids{clock: c}, sum: sum}
	defer r.close()
	for _, s := range r.steps() {
		if err := r.step(ctx, s); err != nil {
			return r.sum, fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return r.sum, nil
}

func (r *run) step(ctx context.Context, s step) error {
	if r.opt.Before != nil {
		r.opt.Before(s.name)
	}
	r.ids.begin(s.name)
	began := time.Now() // how long it took, for the summary; not the day's clock
	done, err := s.done(ctx)
	if err != nil {
		return err
	}
	if !done {
		r.clock.set(s.at)
		if err := s.do(ctx); err != nil {
			r.sum.step(StepDone{Name: s.name, MS: time.Since(began).Milliseconds()})
			return errors.Join(err, r.sum.write(r.opt.Out))
		}
	}
	if !r.sum.done(s.name) {
		r.sum.step(StepDone{Name: s.name, OK: true, MS: time.Since(began).Milliseconds()})
		if err := r.sum.write(r.opt.Out); err != nil {
			return err
		}
	}
	if r.opt.After != nil {
		return r.opt.After(s.name, r.first)
	}
	return nil
}

// LastStep ends the day.
const LastStep = "核验二维码"

// steps is the day in order. What happens offline lies between the hub's two
// appearances.
func (r *run) steps() []step {
	p := r.plan
	return []step{
		{"设立单位", p.at(8, 10), never, r.setUp},
		{"接入中心并领取号段", p.at(8, 20), r.enrolled, r.enrol},
		{"导入名册", p.at(8, 30), r.imported, r.importRegisters},
		{"登记线索", p.at(8, 35), r.leadThere, r.registerLead},
		{"受理立案", p.at(8, 40), r.caseOpen, r.acceptLead},
		{"安排检查", p.at(8, 42), r.visitIn(model.InspectionPlanned, model.InspectionApproved, model.InspectionAnnounced, model.InspectionRecorded), r.planVisit},
		{"检查审批", p.at(8, 45), r.visitIn(model.InspectionApproved, model.InspectionAnnounced, model.InspectionRecorded), r.approve},
		{"检查通知", p.at(8, 50), r.visitIn(model.InspectionAnnounced, model.InspectionRecorded), r.announce},
		{"导入工资表", p.Inspection.End.Add(-30 * time.Minute), r.rollThere, r.importRoster},
		{"现场检查笔录", p.Inspection.End.Add(5 * time.Minute), r.visitIn(model.InspectionRecorded), r.record},
		{"起草限期改正指令书", p.Inspection.End.Add(2 * time.Hour), r.ordersThere, r.draftOrders},
		{"调查询问笔录", p.Interview.End.Add(5 * time.Minute), r.interviewed, r.takeInterview},
		{"签发限期改正指令书", p.Interview.End.Add(15 * time.Minute), r.ordersIssued, r.issueOrders},
		{"照片入证", p.Order.Served.At.Add(time.Minute), r.photosThere, r.addPhotos},
		{"送达", p.Order.Served.At.Add(5 * time.Minute), r.served, r.serve},
		{"打印", p.Order.Served.At.Add(15 * time.Minute), never, r.print},
		{"上传", p.at(18, 0), never, r.push},
		{"第二台电脑下载", p.at(18, 10), never, r.pull},
		{LastStep, p.at(18, 20), never, r.verify},
	}
}

// never: a step that is cheap or idempotent by itself runs each time.
func never(context.Context) (bool, error) { return false, nil }

func (r *run) close() {
	for _, o := range []*office.Office{r.first, r.second} {
		if o != nil {
			_ = o.Close()
		}
	}
	if r.central != nil {
		_ = r.central.Close()
	}
}

// options of one of the day's laptops.
func (r *run) options(dir string, n int) office.Options {
	id := model.ID(fmt.Sprintf("0197a1f0-0000-7000-8000-%012d", n))
	return office.Options{Dir: filepath.Join(r.opt.Out, dir), Clock: r.clock, IDs: r.ids, Params: r.opt.Params,
		Identity: seal.Identity{ID: id, Seed: seedOf(dir)}}
}

// setUp makes the first laptop's office, or opens it again.
func (r *run) setUp(ctx context.Context) (err error) {
	opt := r.options(officeDir, 1)
	if office.Exists(opt.Dir) {
		r.first, err = office.Open(ctx, opt, Passphrase)
		if err != nil {
			return err
		}
		if _, err := r.first.Desk.Office(ctx); !errors.Is(err, model.ErrNotFound) {
			return err
		}
		// Cut off between the key file and the first save.
		if err := errors.Join(r.first.Close(), os.RemoveAll(opt.Dir)); err != nil {
			return err
		}
	}
	p := r.plan
	settings := model.Office{Name: p.Agency, Word: p.NumberWord, Government: p.Government, Region: p.Region, Court: court(p.Government),
		Contact: p.Officers[0], Remedies: true, ReportDays: 3}
	r.sum.reasons("设置", casework.OfficeGaps(&settings))
	two := []model.Officer{{Name: p.Officers[0], Role: model.RoleInspector}, {Name: p.Officers[1], Role: model.RoleInspector}}
	r.first, err = office.Create(ctx, opt, office.SetUp{Passphrase: Passphrase, Officers: two, Office: settings})
	return err
}

// court is the people's court of the place the government governs.
func court(government string) string {
	const ending = "人民政府"
	if n := len(government) - len(ending); n > 0 && government[n:] == ending {
		return government[:n] + "人民法院"
	}
	return ""
}
