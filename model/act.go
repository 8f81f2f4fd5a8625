package model

import "time"

// The acts of a case: lead, case, inspection, wage roll, interview, service,
// evidence.

// States of a lead.
const (
	LeadRegistered  = "已登记"
	LeadAccepted    = "已受理"
	LeadRejected    = "不予受理"
	LeadTransferred = "已转送"
	LeadSupplement  = "待补正" // the complainant was asked for what is missing
)

// Lead is a complaint, a report or a task from above (law: accept or not
// within 5 working days, 劳动部令25号 18).
type Lead struct {
	State       string    `json:"state"`
	Source      string    `json:"source"`    // channel, a word of the office's dictionary
	SourceNo    string    `json:"source_no"` // number on the platform it came from
	ReceivedAt  time.Time `json:"received_at"`
	Receiver    ID        `json:"receiver"`    // 首问: who took it first
	Complainant string    `json:"complainant"` // sealed; never on a paper to the employer
	Phone       string    `json:"phone"`
	Employer    ID        `json:"employer"`
	Site        ID        `json:"site"`
	Claim       string    `json:"claim"`
	AmountFen   int64     `json:"amount_fen"`
	Workers     int       `json:"workers"`
	Decided     *Decision `json:"decided,omitempty"`
	DecideBy    Date      `json:"decide_by"`
	// SupplementedAt is when what was missing came in: the period to decide
	// runs anew from there.
	SupplementedAt time.Time `json:"supplemented_at,omitzero"`
	Case           ID        `json:"case"`
}

// Decision is who decided what, when and why.
type Decision struct {
	By      ID        `json:"by"`
	At      time.Time `json:"at"`
	Outcome string    `json:"outcome"`
	Reason  string    `json:"reason"`
}

func (*Lead) Kind() Kind { return KindLead }

// Summary implements Record.
func (l *Lead) Summary() Summary {
	return Summary{State: l.State, Date: l.ReceivedAt, Due: l.DecideBy, AmountFen: l.AmountFen, Count: l.Workers,
		Number: l.SourceNo, Case: l.Case, Parent: l.Site, Find: []string{l.Claim, l.Complainant, l.Phone, l.Source, l.SourceNo}}
}

// States of a case, in the order a case may pass through them.
const (
	CaseInvestigating = "调查"
	CaseSuspended     = "中止调查"
	CaseCorrecting    = "责令改正"
	CaseConcluded     = "调查终结"
	CaseNotified      = "处罚告知"
	CaseHearing       = "听证"
	CaseReview        = "法制审核"
	CaseDiscussion    = "集体讨论"
	CasePunished      = "行政处罚"
	CaseHandled       = "行政处理"
	CaseNotPunished   = "不予处罚"
	CaseTransferred   = "移送"
	CaseRevoked       = "撤销立案"
	CaseExecuting     = "执行"
	CaseClosed        = "结案"
	CaseArchived      = "归档"
)

// CaseStates lists the states of a case in the order of the constants.
func CaseStates() []string {
	return []string{CaseInvestigating, CaseSuspended, CaseCorrecting, CaseConcluded, CaseNotified, CaseHearing, CaseReview,
		CaseDiscussion, CasePunished, CaseHandled, CaseNotPunished, CaseTransferred, CaseRevoked, CaseExecuting, CaseClosed, CaseArchived}
}

// LeadStates lists the states of a lead.
func LeadStates() []string {
	return []string{LeadRegistered, LeadSupplement, LeadAccepted, LeadRejected, LeadTransferred}
}

// Case gathers everything about one suspected breach.
type Case struct {
	State    string `json:"state"`
	Number   string `json:"number"`
	Cause    string `json:"cause"` // 案由
	Lead     ID     `json:"lead"`
	Employer ID     `json:"employer"`
	Site     ID     `json:"site"`
	// LeadOfficer and Assistant handle it and may neither review nor approve.
	LeadOfficer ID           `json:"lead_officer"`
	Assistant   ID           `json:"assistant"`
	OpenedAt    time.Time    `json:"opened_at"`
	DueBy       Date         `json:"due_by"` // of the clock that runs in this state; "" when none does
	Log         []Transition `json:"log"`
	// BreachEnded is the day the breach ended, "" while it goes on.
	BreachEnded Date `json:"breach_ended,omitempty"`
	// Extended is the approval of a longer investigation (劳动保障监察条例 17).
	Extended *Decision `json:"extended,omitempty"`
	// Pauses are the times the investigation was suspended.
	Pauses    []Pause        `json:"pauses,omitempty"`
	Decisions []CaseDecision `json:"decisions,omitempty"`
	Sanction  *Sanction      `json:"sanction,omitempty"`
}

// Transition is one change of a case's state.
type Transition struct {
	From     string    `json:"from"`
	To       string    `json:"to"`
	Act      string    `json:"act,omitempty"`
	By       ID        `json:"by"`
	At       time.Time `json:"at"`
	Document ID        `json:"document,omitempty"`
	Reason   string    `json:"reason,omitempty"`
}

// Pause is a time in which the clock of an investigation stood still.
type Pause struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to,omitzero"` // zero while it lasts
}

// CaseDecision is what was decided or put on record within a case beside its
// state: a recusal, an approval, a reviewer's opinion, what the party said,
// what was found when the site was seen again. The matters and their outcomes
// are a table of the law (matters.csv).
type CaseDecision struct {
	Matter string `json:"matter"`
	Decision
	About    ID `json:"about,omitempty"`    // the officer or the document it is about
	Document ID `json:"document,omitempty"` // the paper it stands on
}

// Sanction is what is proposed against the party.
type Sanction struct {
	// Rules are the ranges of fines the act falls under, by key; the highest
	// is applied (行政处罚法 29).
	Rules   []string `json:"rules"`
	Tier    string   `json:"tier"`
	FineFen int64    `json:"fine_fen"`
	// Count is the number of workers or worker months, or the base in fen.
	Count        int64  `json:"count,omitempty"`
	Organisation bool   `json:"organisation"`
	StopsWork    bool   `json:"stops_work,omitempty"` // 责令停工、停产停业
	Licence      bool   `json:"licence,omitempty"`    // 降低资质等级、吊销许可证件
	Grave        bool   `json:"grave,omitempty"`      // 情节复杂或者重大
	ActOn        Date   `json:"act_on"`               // the day of the act, which decides the version of the rule
	Version      string `json:"version"`              // of the rule that judged it
	// Grounds are what speaks for withholding the penalty, by the names the
	// rules of leniency know: first_offence, minor, no_harm, slight_harm, faultless.
	Grounds []string `json:"grounds,omitempty"`
	Reason  string   `json:"reason,omitempty"` // why the fine leaves its tier
}

func (*Case) Kind() Kind { return KindCase }

// Summary implements Record.
func (c *Case) Summary() Summary {
	return Summary{State: c.State, Date: c.OpenedAt, Due: c.DueBy, Number: c.Number, Parent: c.Site, Find: []string{c.Number, c.Cause},
		Exact: exactly("employer", string(c.Employer), "site", string(c.Site))}
}

// States of an inspection.
const (
	InspectionPlanned   = "待审批"
	InspectionApproved  = "已审批"
	InspectionAnnounced = "已通知"
	InspectionRecorded  = "已记录"
)

// Inspection is one visit: approved, announced, recorded (国办发〔2024〕54号).
type Inspection struct {
	State     string    `json:"state"`
	Type      string    `json:"type"`   // 日常, 专项, 个案
	Source    string    `json:"source"` // 任务来源
	Matter    string    `json:"matter"` // 检查事项
	Case      ID        `json:"case"`
	Employer  ID        `json:"employer"` // the inspected unit
	Site      ID        `json:"site"`
	Officers  []ID      `json:"officers"`
	Helpers   []ID      `json:"helpers,omitempty"`
	Approved  *Decision `json:"approved,omitempty"`
	Announced time.Time `json:"announced"`
	Start     time.Time `json:"start"`
	End       time.Time `json:"end"`
	Place     string    `json:"place"`
	Contact   string    `json:"contact"` // 现场负责人
	Duty      string    `json:"duty"`
	Phone     string    `json:"phone"`
	Opinion   string    `json:"opinion"` // what the party says to the record
	Recording string    `json:"recording"`
	// Checklist are the answers to the checklist form, flat by question name,
	// and the version they were given on.
	Checklist        map[string]any `json:"checklist,omitempty"`
	ChecklistVersion string         `json:"checklist_version"`
	WageRoll         ID             `json:"wage_roll,omitempty"`
	Pictures         []Picture      `json:"pictures,omitempty"` // photos that the site record shows
	// ExternalCode is the code of the visit that the platform of the province
	// gives (行政检查码), printed on its notice.
	ExternalCode string `json:"external_code,omitempty"`
	// ExternalPicture is the SHA-256 (hex) of a picture of that code which no
	// reader could read, printed as it is where ExternalCode is empty.
	ExternalPicture string `json:"external_picture,omitempty"`
}

// Picture is a photo as a paper shows it.
type Picture struct {
	Photo   string `json:"photo"` // SHA-256 (hex) of the evidence
	Caption string `json:"caption"`
	Taken   string `json:"taken"` // when, in words
}

func (*Inspection) Kind() Kind { return KindInspection }

// Summary implements Record.
func (i *Inspection) Summary() Summary {
	return Summary{State: i.State, Date: i.Start, Case: i.Case, Parent: i.Site, Find: []string{i.Matter, i.Place, i.Contact},
		Exact: exactly("employer", string(i.Employer), "site", string(i.Site))}
}

// Worker is one row of a wage roll.
type Worker struct {
	Name       string `json:"name"`
	IDNo       string `json:"id_no"`
	Trade      string `json:"trade"`
	From       string `json:"from"` // first month owed, 2026-06
	To         string `json:"to"`
	PayableFen int64  `json:"payable_fen"`
	PaidFen    int64  `json:"paid_fen"`
	OwedFen    int64  `json:"owed_fen"`
	Card4      string `json:"card4"` // last four of the account paid into
	Note       string `json:"note"`
	Row        int    `json:"row"` // row of the workbook, to find it again
}

// WageRoll is the list of workers and what each is owed. The invariant of
// every paper made from it: count = rows, total = Σ owed.
type WageRoll struct {
	Case     ID       `json:"case"`
	Site     ID       `json:"site"`
	Employer ID       `json:"employer"`
	Maker    string   `json:"maker"` // 制表
	Workers  []Worker `json:"workers"`
	File     string   `json:"file"`
	SHA256   string   `json:"sha256"` // of the workbook, kept as evidence
}

// TotalFen is what all workers together are owed.
func (w *WageRoll) TotalFen() (sum int64) {
	for _, x := range w.Workers {
		sum += x.OwedFen
	}
	return sum
}

// Months are the first and last month owed to anybody, "2026-06", "2026-08".
func (w *WageRoll) Months() (from, to string) {
	for _, x := range w.Workers {
		if x.From != "" && (from == "" || x.From < from) {
			from = x.From
		}
		if x.To > to {
			to = x.To
		}
	}
	return from, to
}

func (*WageRoll) Kind() Kind { return KindWageRoll }

// Summary implements Record.
func (w *WageRoll) Summary() Summary {
	s := Summary{AmountFen: w.TotalFen(), Count: len(w.Workers), Case: w.Case, Parent: w.Site, Find: []string{w.File}}
	for _, x := range w.Workers {
		s.Find = append(s.Find, x.Name, x.IDNo)
	}
	return s
}

// QA is a question and its answer, in the order they were spoken.
type QA struct {
	Question string `json:"question"`
	Answer   string `json:"answer"`
	Locked   bool   `json:"locked"` // wording fixed by law: identity, duty, rights, closing
}

// States of an interview.
const (
	InterviewDraft = "草稿"
	InterviewDone  = "已完成"
)

// Interview is the statement of one person.
type Interview struct {
	State     string    `json:"state"`
	Case      ID        `json:"case"`
	Site      ID        `json:"site"`
	Times     int       `json:"times"` // 第几次
	Matter    string    `json:"matter"`
	Place     string    `json:"place"`
	Start     time.Time `json:"start"`
	End       time.Time `json:"end"`
	Officers  []ID      `json:"officers"`
	Recorder  ID        `json:"recorder"`
	Person    string    `json:"person"`
	Sex       string    `json:"sex"`
	IDType    string    `json:"id_type"`
	IDNo      string    `json:"id_no"`
	Unit      string    `json:"unit"` // 工作单位及职务
	Relation  string    `json:"relation"`
	Address   string    `json:"address"`
	Phone     string    `json:"phone"`
	Recording string    `json:"recording"` // 全程录音录像, or why not
	// Told is when the person confirmed that rights and duties were read out.
	Told time.Time `json:"told,omitzero"`
	QAs  []QA      `json:"qas"`
}

func (*Interview) Kind() Kind { return KindInterview }

// Summary implements Record.
func (v *Interview) Summary() Summary {
	s := Summary{State: v.State, Date: v.Start, Count: len(v.QAs), Case: v.Case, Parent: v.Site, Find: []string{v.Person, v.IDNo, v.Phone, v.Unit}}
	for _, q := range v.QAs {
		s.Find = append(s.Find, q.Answer)
	}
	return s
}

// Service modes (民事诉讼法 88-95, 法释〔2013〕3号 4).
const (
	ServeDirect   = "直接"
	ServeLeave    = "留置"
	ServeMail     = "邮寄"
	ServeElectron = "电子"
	ServeAgent    = "委托"
	ServePublic   = "公告"
	ServePost     = "张贴"
)

// Service is one handing-over of one document.
type Service struct {
	Document ID        `json:"document"`
	Case     ID        `json:"case"`
	Copy     string    `json:"copy,omitempty"` // which copy was handed over, by its name
	Mode     string    `json:"mode"`
	At       time.Time `json:"at"`
	Place    string    `json:"place"`
	Receiver string    `json:"receiver"`
	Relation string    `json:"relation"` // 身份(职务)
	Phone    string    `json:"phone"`
	Refusal  string    `json:"refusal"` // why it was refused, for 留置
	Witness  string    `json:"witness"`
	Officers []ID      `json:"officers"`
	Evidence []ID      `json:"evidence"` // the photos and videos of the act
	// ServedOn is the day that counts by the mode.
	ServedOn Date `json:"served_on"`
}

func (*Service) Kind() Kind { return KindService }

// Summary implements Record.
func (s *Service) Summary() Summary {
	return Summary{State: s.Mode, Date: s.At, Case: s.Case, Parent: s.Document, Find: []string{s.Receiver, s.Place}}
}

// Evidence is one file as it came in: the bytes stay untouched in the blob
// room, what could be read from them stands here.
type Evidence struct {
	Case       ID        `json:"case"`
	Inspection ID        `json:"inspection,omitempty"`
	Category   string    `json:"category"` // 行政处罚法 46: 书证, 视听资料, …
	Name       string    `json:"name"`     // file name as it was
	SHA256     string    `json:"sha256"`
	SM3        string    `json:"sm3,omitempty"` // hex, where the office asks for it (GB/T 32905)
	Size       int64     `json:"size"`
	Type       string    `json:"type"` // what the bytes are, "image/png"
	Disguised  bool      `json:"disguised"`
	Damaged    string    `json:"damaged"`  // what is wrong with the bytes, "" if whole
	TakenAt    time.Time `json:"taken_at"` // by the camera, with its zone
	Zoned      bool      `json:"zoned"`    // the camera wrote the zone; otherwise it is the laptop's
	// ClockOffset is how many seconds the camera's clock was ahead of the
	// laptop's when they were compared, ClockSource how: one of the Clock…
	// constants, "" where nobody did. TakenAt stays as the camera wrote it.
	ClockOffset int64  `json:"clock_offset,omitempty"`
	ClockSource string `json:"clock_source,omitempty"`
	// Recorder is the camera it was taken with, by the name and the serial number
	// of the daybook of equipment; "" where nobody said.
	Recorder   string    `json:"recorder,omitempty"`
	Place      *GeoPoint `json:"place,omitempty"` // from the camera
	Orient     int       `json:"orientation"`     // EXIF 1-8, 0 unknown
	Width      int       `json:"width"`           // pixels as stored
	Height     int       `json:"height"`
	ImportedAt time.Time `json:"imported_at"`
	ImportedBy ID        `json:"imported_by"`
	Supports   []string  `json:"supports,omitempty"` // checklist items it shows, "C28"
}

// ClockCompared is the source of a clock offset that an officer read off the
// camera's screen.
const ClockCompared = "人工对时"

// GeoPoint is a WGS 84 position in degrees.
type GeoPoint struct {
	Lat float64 `json:"lat"`
	Lon float64 `json:"lon"`
}

func (*Evidence) Kind() Kind { return KindEvidence }

// Summary implements Record.
func (e *Evidence) Summary() Summary {
	state := "完好"
	if e.Damaged != "" {
		state = "损坏"
	}
	return Summary{State: state, Date: e.ImportedAt, Count: int(min(e.Size, 1<<31-1)), Case: e.Case, Parent: e.Inspection, Find: []string{e.Name}}
}
