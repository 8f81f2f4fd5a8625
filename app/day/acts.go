package day

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"anxin/app/casework"
	"anxin/model"
	"anxin/model/statute"
)

// refs are the records the day works on, found again after a cut.
type refs struct {
	site, sub  model.ID
	officers   []model.ID
	lead       model.ID
	kase       model.ID
	inspection model.ID
	roll       model.ID
	orders     []model.ID
	interview  model.ID
	receipt    model.ID
}

// one finds the only record of a query on the first laptop; "" when there is none.
func (r *run) one(ctx context.Context, q model.Query) (model.ID, error) {
	q.Limit = 1
	heads, err := r.first.Store.List(ctx, q)
	if err != nil || len(heads) == 0 {
		return "", err
	}
	return heads[0].ID, nil
}

// found keeps the record of a query in ref and tells whether it is there.
func (r *run) found(ctx context.Context, ref *model.ID, q model.Query) (bool, error) {
	id, err := r.one(ctx, q)
	*ref = id
	return id != "", err
}

func (r *run) imported(ctx context.Context) (bool, error) {
	n, err := r.first.Store.Count(ctx, model.Query{Kind: model.KindSite})
	if err != nil || n == 0 {
		return false, err
	}
	return true, r.look(ctx)
}

func (r *run) importRegisters(ctx context.Context) error {
	f, err := open(r.opt.In, registersFile)
	if err != nil {
		return err
	}
	defer f.Close()
	rep, err := r.first.Desk.ImportRegisters(ctx, registersFile, f, nil)
	if err != nil {
		return err
	}
	r.sum.warn(rep.Warnings...)
	return r.look(ctx)
}

// look finds the site and the officers of the plan among the registers.
func (r *run) look(ctx context.Context) error {
	heads, err := r.first.Store.List(ctx, model.Query{Kind: model.KindSite, Limit: 1000})
	if err != nil {
		return err
	}
	for _, h := range heads {
		s, err := model.As[model.Site](h.Body)
		if err != nil {
			return err
		}
		if s.Name == r.plan.Inspection.Site && len(s.Subs) > 0 {
			r.refs.site, r.refs.sub = h.ID, s.Subs[0]
		}
	}
	if r.refs.site == "" {
		return fmt.Errorf("名册里没有工程项目“%s”，或者它没有分包单位", r.plan.Inspection.Site)
	}
	return r.lookOfficers(ctx)
}

func (r *run) lookOfficers(ctx context.Context) error {
	heads, err := r.first.Store.List(ctx, model.Query{Kind: model.KindOfficer, Limit: 1000})
	if err != nil {
		return err
	}
	r.refs.officers = nil
	for _, name := range r.plan.Officers {
		for _, h := range heads {
			o, err := model.As[model.Officer](h.Body)
			if err != nil {
				return err
			}
			if o.Name == name && len(r.refs.officers) < 2 {
				r.refs.officers = append(r.refs.officers, h.ID)
				break
			}
		}
	}
	if len(r.refs.officers) < 2 {
		return fmt.Errorf("名册里没有执法人员“%s”", strings.Join(r.plan.Officers, "、"))
	}
	return nil
}

func (r *run) leadThere(ctx context.Context) (bool, error) {
	return r.found(ctx, &r.refs.lead, model.Query{Kind: model.KindLead})
}

func (r *run) registerLead(ctx context.Context) (err error) {
	r.refs.lead, err = r.first.Desk.RegisterLead(ctx, model.Lead{Source: r.plan.Source, ReceivedAt: r.clock.Now(), Employer: r.refs.sub, Site: r.refs.site,
		Claim: "反映" + r.plan.Inspection.Site + "拖欠农民工工资"})
	return err
}

func (r *run) caseOpen(ctx context.Context) (bool, error) {
	return r.found(ctx, &r.refs.kase, model.Query{Kind: model.KindCase})
}

func (r *run) acceptLead(ctx context.Context) (err error) {
	r.refs.kase, err = r.first.Desk.AcceptLead(ctx, casework.Acceptance{Lead: r.refs.lead, Cause: "克扣或无故拖欠工资", Officers: r.refs.officers,
		Reason: "属于本机关管辖，有明确的被反映单位和事项"})
	return err
}

// visitIn tells whether the visit stands in one of these states.
func (r *run) visitIn(states ...string) func(context.Context) (bool, error) {
	return func(ctx context.Context) (bool, error) {
		there, err := r.found(ctx, &r.refs.inspection, model.Query{Kind: model.KindInspection})
		if err != nil || !there {
			return false, err
		}
		h, err := r.first.Store.Head(ctx, r.refs.inspection)
		return slices.Contains(states, h.Summary.State), err
	}
}

// taskSource says, as the visit's form does, that a complaint led to the visit.
const taskSource = "投诉举报"

func (r *run) planVisit(ctx context.Context) (err error) {
	r.refs.inspection, err = r.first.Desk.PlanVisit(ctx, model.Inspection{Type: r.plan.Inspection.Kind, Source: taskSource,
		Matter: "农民工工资支付和劳动用工情况", Case: r.refs.kase, Employer: r.refs.sub, Site: r.refs.site, Officers: r.refs.officers,
		Start: r.plan.Inspection.Start, Place: r.plan.Inspection.Site, Contact: r.plan.Inspection.Contact})
	return err
}

func (r *run) approve(ctx context.Context) error {
	_, err := r.first.Desk.ApproveVisit(ctx, r.refs.inspection, "线索涉及拖欠农民工工资，建议立即到场检查")
	return err
}

func (r *run) announce(ctx context.Context) error {
	_, err := r.first.Desk.AnnounceVisit(ctx, r.refs.inspection)
	return err
}

func (r *run) rollThere(ctx context.Context) (bool, error) {
	if r.plan.roster() == "" {
		return true, nil
	}
	there, err := r.found(ctx, &r.refs.roll, model.Query{Kind: model.KindWageRoll})
	if err != nil || !there {
		return there, err
	}
	return true, r.sumRoll(ctx)
}

func (r *run) importRoster(ctx context.Context) error {
	name := r.plan.roster()
	f, err := open(r.opt.In, name)
	if err != nil {
		return err
	}
	defer f.Close()
	id, rep, err := r.first.Desk.ImportRoster(ctx, r.refs.kase, name, f)
	if err != nil {
		return err
	}
	r.refs.roll = id
	r.sum.warn(rep.Warnings...)
	return r.sumRoll(ctx)
}

func (r *run) sumRoll(ctx context.Context) error {
	h, err := r.first.Store.Head(ctx, r.refs.roll)
	if err != nil {
		return err
	}
	roll, err := model.As[model.WageRoll](h.Body)
	if err != nil {
		return err
	}
	total := statute.Fen(roll.TotalFen())
	r.sum.WageRoll = RollDone{Workers: len(roll.Workers), Fen: int64(total), Words: total.Capital()}
	return nil
}

func (r *run) record(ctx context.Context) error {
	v := r.plan.Inspection
	_, odd, err := r.first.Desk.RecordVisit(ctx, casework.SiteRecord{Inspection: r.refs.inspection, Start: v.Start, End: v.End, Place: v.Site,
		Contact: v.Contact, Duty: r.plan.Interview.Role, Answers: r.plan.answers(), WageRoll: r.refs.roll})
	r.sum.reasons("现场检查笔录", odd)
	return err
}

func (r *run) ordersThere(ctx context.Context) (bool, error) {
	ids, err := r.orders(ctx)
	r.refs.orders = ids
	return len(ids) > 0, err
}

// orders are the rectification orders, in the order they were drafted.
func (r *run) orders(ctx context.Context) ([]model.ID, error) {
	heads, err := r.first.Store.List(ctx, model.Query{Kind: model.KindDocument, Case: r.refs.kase, Limit: 1000})
	if err != nil {
		return nil, err
	}
	var own, others []model.ID
	for _, h := range heads {
		d, err := model.As[model.Document](h.Body)
		if err != nil {
			return nil, err
		}
		switch {
		case d.Type != "D06":
		case d.WageRoll != "":
			own = append(own, h.ID)
		default:
			others = append(others, h.ID)
		}
	}
	sortIDs(others)
	return append(own, others...), nil
}

func (r *run) draftOrders(ctx context.Context) error {
	ids, odd, err := r.first.Desk.DraftOrders(ctx, casework.OrderIn{Inspection: r.refs.inspection, Due: r.plan.Order.Due})
	r.refs.orders = ids
	r.sum.reasons("限期改正指令书", odd)
	return err
}

func (r *run) interviewed(ctx context.Context) (bool, error) {
	return r.found(ctx, &r.refs.interview, model.Query{Kind: model.KindInterview})
}

func (r *run) takeInterview(ctx context.Context) error {
	v := r.plan.Interview
	f, err := open(r.opt.In, v.File)
	if err != nil {
		return err
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		return fmt.Errorf("读取“%s”: %w", v.File, err)
	}
	s, err := casework.ReadStatement(v.File, string(text))
	if err != nil {
		return err
	}
	_, odd, err := r.first.Desk.TakeInterview(ctx, model.Interview{Case: r.refs.kase, Site: r.refs.site, Matter: r.plan.Inspection.Site + "拖欠农民工工资一事",
		Place: s.Place, Start: v.Start, Told: v.Start.Add(readOut), End: v.End, Officers: r.refs.officers, Person: v.Person, Sex: s.Sex, Unit: s.Unit, Relation: v.Role, QAs: s.QAs})
	r.sum.reasons("调查询问笔录", odd)
	return err
}

// readOut is how long it takes to read out rights and duties.
const readOut = 2 * time.Minute

func (r *run) ordersIssued(ctx context.Context) (bool, error) {
	for _, id := range r.refs.orders {
		h, err := r.first.Store.Head(ctx, id)
		if err != nil {
			return false, err
		}
		if h.Summary.State == model.DocumentDraft {
			return false, nil
		}
	}
	return true, nil
}

func (r *run) issueOrders(ctx context.Context) error {
	for _, id := range r.refs.orders {
		h, err := r.first.Store.Head(ctx, id)
		if err != nil {
			return err
		}
		if h.Summary.State != model.DocumentDraft {
			continue
		}
		if _, err := r.first.Desk.Issue(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// evidence finds a file among the case's evidence by name.
func (r *run) evidence(ctx context.Context, name string) (model.ID, error) {
	heads, err := r.first.Store.List(ctx, model.Query{Kind: model.KindEvidence, Case: r.refs.kase, Limit: 1000})
	if err != nil {
		return "", err
	}
	for _, h := range heads {
		e, err := model.As[model.Evidence](h.Body)
		if err != nil {
			return "", err
		}
		if e.Name == path.Base(name) {
			return h.ID, nil
		}
	}
	return "", nil
}

func (r *run) photosThere(ctx context.Context) (bool, error) {
	for _, name := range r.plan.Photos {
		if id, err := r.evidence(ctx, name); err != nil || id == "" {
			return false, err
		}
	}
	return true, nil
}

func (r *run) addPhotos(ctx context.Context) error {
	for _, name := range r.plan.Photos {
		if id, err := r.evidence(ctx, name); err != nil || id != "" {
			if err != nil {
				return err
			}
			continue
		}
		r.ids.begin("照片入证 " + name)
		if err := r.addPhoto(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) addPhoto(ctx context.Context, name string) error {
	f, err := open(r.opt.In, name)
	if err != nil {
		return err
	}
	defer f.Close()
	k, err := r.first.Desk.AddEvidence(ctx, casework.EvidenceIn{Case: r.refs.kase, Inspection: r.refs.inspection, Name: path.Base(name)}, f)
	if err != nil {
		return err
	}
	r.sum.warn(casework.EvidenceWarnings(k.Value)...)
	return nil
}

func (r *run) served(ctx context.Context) (bool, error) {
	return r.found(ctx, &r.refs.receipt, model.Query{Kind: model.KindService})
}

func (r *run) serve(ctx context.Context) error {
	s := r.plan.Order.Served
	photo, err := r.evidence(ctx, s.Evidence)
	if err != nil {
		return err
	}
	if photo == "" {
		return errors.New("送达的照片还没有入证")
	}
	_, odd, err := r.first.Desk.Serve(ctx, model.Service{Document: r.refs.orders[0], Mode: s.Mode, At: s.At, Place: r.plan.Inspection.Site + "项目部",
		Receiver: s.Receiver, Relation: r.plan.Interview.Role, Refusal: s.Refusal, Officers: r.refs.officers, Evidence: []model.ID{photo}})
	r.sum.reasons("送达", odd)
	return err
}
