package model

import (
	"strconv"
	"time"
)

// The registers: the office, its officers and grids, the employers and sites
// it watches. They change slowly and every paper quotes them.

// Office is the bureau the laptop works for and how it writes its papers.
// There is one; every field can be changed in Settings and the next paper
// shows it.
type Office struct {
	Name       string `json:"name"`        // 机关全称, the issuing authority
	Word       string `json:"number_word"` // 代字 of its document numbers, e.g. 桃人社
	Government string `json:"government"`  // where reconsideration is asked for
	Court      string `json:"court"`       // where suit is brought
	Region     string `json:"region"`      // province whose versions of rules apply, e.g. 湖南
	Address    string `json:"address"`
	Postcode   string `json:"postcode"`
	Contact    string `json:"contact"`
	Phone      string `json:"phone"`
	// Remedies prints the remedies block on orders; on unless the office
	// turns it off (not telling extends the limits to a year).
	Remedies bool `json:"remedies"`
	// ReportDays is how many working days after the due date the employer
	// reports what it corrected.
	ReportDays int `json:"report_days"`
	// Titles replaces the title of a document type, by type ("D06").
	Titles map[string]string `json:"titles,omitempty"`
	// Patterns replaces the number pattern of a document type, by type, in the
	// notation of the catalogue.
	Patterns map[string]string `json:"patterns,omitempty"`
	// Brackets is the pair around the year of a document number, "" for the
	// catalogue's 〔〕 (GB/T 9704 7.2.5).
	Brackets string `json:"brackets,omitempty"`
	// Head stands for the office before a court; USCC is its own code.
	Head     string `json:"head,omitempty"`
	HeadPost string `json:"head_post,omitempty"`
	USCC     string `json:"uscc,omitempty"`
	// Bank, AccountName and Account are where fines are paid.
	Bank        string `json:"bank,omitempty"`
	AccountName string `json:"account_name,omitempty"`
	Account     string `json:"account,omitempty"`
	// RightsURL is where people complain of unpaid wages, as the QR code on notices
	// and stickers leads there; "" while the office has none.
	RightsURL string `json:"rights_url,omitempty"`
	// ScreenSigning lets people sign on the screen, beside wet ink.
	ScreenSigning bool `json:"screen_signing,omitempty"`
}

func (*Office) Kind() Kind { return KindOffice }

// Summary implements Record.
func (o *Office) Summary() Summary { return Summary{Find: []string{o.Name}} }

// Roles of an officer. Only an inspector with a valid certificate may be one
// of the two officers of an act (劳动保障监察条例 16, 行政处罚法 42).
const (
	RoleInspector = "监察员"
	RoleAssistant = "协管员"
	RoleReviewer  = "法制审核"
	RoleApprover  = "负责人"
)

// Officer is a person of the bureau.
type Officer struct {
	Name      string `json:"name"`
	Unit      string `json:"unit"`
	Duty      string `json:"duty"` // 职务
	CertNo    string `json:"cert_no"`
	CertType  string `json:"cert_type"`
	ValidFrom Date   `json:"valid_from"`
	ValidTo   Date   `json:"valid_to"`
	Role      string `json:"role"`
	Suspended bool   `json:"suspended"`
}

func (*Officer) Kind() Kind { return KindOfficer }

// Summary implements Record.
func (o *Officer) Summary() Summary {
	return Summary{State: o.Role, Due: o.ValidTo, Find: []string{o.Name, o.CertNo, o.Unit},
		Exact: exactly("role", o.Role, "unit", o.Unit)}
}

// Grid is an area of patrol: 1 county, 2 township or street, 3 community.
type Grid struct {
	Code   string `json:"code"`
	Level  int    `json:"level"`
	Parent string `json:"parent"`
	Name   string `json:"name"`
	Keeper string `json:"keeper"` // 网格员, an assistant without powers of enforcement
}

func (*Grid) Kind() Kind { return KindGrid }

// Summary implements Record.
func (g *Grid) Summary() Summary {
	return Summary{Number: g.Code, Count: g.Level, Find: []string{g.Name, g.Code, g.Keeper},
		Exact: exactly("parent", g.Parent, "level", strconv.Itoa(g.Level))}
}

// Employer is a unit that employs people.
type Employer struct {
	Name      string `json:"name"`
	Party     string `json:"party,omitempty"` // 单位, 个体工商户, 自然人; "" as its number says
	USCC      string `json:"uscc"`            // 统一社会信用代码 as normalised; kept even when a check digit fails
	LegalRep  string `json:"legal_rep"`
	RepDuty   string `json:"rep_duty"`
	Phone     string `json:"phone"`
	Address   string `json:"address"`
	Industry  string `json:"industry"`
	Grid      string `json:"grid"`
	Headcount int    `json:"headcount"`
	Note      string `json:"note"`
	// Division is the code of the county or township (GB/T 2260).
	Division string `json:"division,omitempty"`
	// Contact answers for wages and people (劳资专管员).
	Contact      string `json:"contact,omitempty"`
	ContactPhone string `json:"contact_phone,omitempty"`
	// Grade is the yearly grade of good faith, A, B or C (人社部规〔2016〕1号).
	Grade     string `json:"grade,omitempty"`
	GradeYear int    `json:"grade_year,omitempty"`
	// Listed is the list the unit stands on, since when, until when and why.
	Listed      string `json:"listed,omitempty"`
	ListedOn    Date   `json:"listed_on,omitempty"`
	ListedUntil Date   `json:"listed_until,omitempty"`
	ListedWhy   string `json:"listed_why,omitempty"`
	// Source and row the record was imported from, "registers.xlsx 单位!7".
	Source string `json:"source"`
	Twin
}

// Twin is what a register record says of records of the same thing.
type Twin struct {
	// MergedInto is the earlier record that stands for this one, "" when it
	// stands for itself. Ids are in the order of their making, so links lead
	// back only and laptops that merge apart never make a ring; a link to a
	// later record is not followed.
	MergedInto ID `json:"merged_into,omitempty"`
	// Distinct are records that look alike and are said not to be the same.
	Distinct []ID `json:"distinct,omitempty"`
}

// RegisterMerged is the state of a register record that another stands for.
const RegisterMerged = "已合并"

// StandsFor is the record that stands for the record of an id, "" when it
// stands for itself.
func (t Twin) StandsFor(id ID) ID {
	if t.MergedInto != "" && t.MergedInto < id {
		return t.MergedInto
	}
	return ""
}

// on adds the link to a summary, so that what was merged into a record is found.
func (t Twin) on(s Summary) Summary {
	if t.MergedInto != "" {
		s.State, s.Parent = RegisterMerged, t.MergedInto
	}
	return s
}

// Kinds of party: how papers address it and who stands for it.
const (
	PartyUnit   = "单位"
	PartyTrader = "个体工商户"
	PartyPerson = "自然人"
)

func (*Employer) Kind() Kind { return KindEmployer }

// Summary implements Record.
func (e *Employer) Summary() Summary {
	return e.Twin.on(Summary{Count: e.Headcount, Find: []string{e.Name, e.USCC, e.LegalRep, e.Phone, e.Address, e.Contact, e.ContactPhone},
		Exact: exactly("grid", e.Grid, "industry", e.Industry)})
}

// Stages of a construction project.
const (
	StagePreparing = "筹备"
	StageApproved  = "立项"
	StageBuilding  = "在建"
	StageFinished  = "完工"
	StageStopped   = "停工"
)

// Site is a construction project.
type Site struct {
	Name        string   `json:"name"`
	PermitNo    string   `json:"permit_no"`
	Owner       ID       `json:"owner"`          // 建设单位
	General     ID       `json:"general"`        // 施工总承包
	Subs        []ID     `json:"subs,omitempty"` // 专业/劳务分包
	Address     string   `json:"address"`
	Started     Date     `json:"started"`
	ContractFen int64    `json:"contract_fen"`
	Grid        string   `json:"grid"`
	Contact     string   `json:"contact"` // who answers on site
	Phone       string   `json:"phone"`
	Source      string   `json:"source"`
	Unmatched   []string `json:"unmatched,omitempty"` // unit names of the import that no employer has
	Division    string   `json:"division,omitempty"`  // GB/T 2260
	ProjectCode string   `json:"project_code,omitempty"`
	// Milestones: the stage, the permit, the day it is to be finished, its
	// acceptance, and the day the last wages were paid.
	Stage       string `json:"stage,omitempty"`
	PermittedOn Date   `json:"permitted_on,omitempty"`
	FinishBy    Date   `json:"finish_by,omitempty"`
	AcceptedOn  Date   `json:"accepted_on,omitempty"`
	SettledOn   Date   `json:"settled_on,omitempty"`
	// WageOfficer is who keeps rolls and attendance on site (保障农民工工资支付条例 28).
	WageOfficer      string `json:"wage_officer,omitempty"`
	WageOfficerPhone string `json:"wage_officer_phone,omitempty"`
	// The guarantee for wages (保障农民工工资支付条例 32).
	GuaranteeKind string `json:"guarantee_kind,omitempty"` // 现金, 银行保函, 工程保函, 保证保险
	GuaranteeBank string `json:"guarantee_bank,omitempty"`
	GuaranteeNo   string `json:"guarantee_no,omitempty"`
	GuaranteeFen  int64  `json:"guarantee_fen,omitempty"`
	GuaranteeFrom Date   `json:"guarantee_from,omitempty"`
	GuaranteeTo   Date   `json:"guarantee_to,omitempty"`
	// The account wages are paid from (保障农民工工资支付条例 26).
	AccountBank string `json:"account_bank,omitempty"`
	AccountNo   string `json:"account_no,omitempty"`
	AccountOn   Date   `json:"account_on,omitempty"`
	Twin
}

func (*Site) Kind() Kind { return KindSite }

// Summary implements Record.
func (s *Site) Summary() Summary {
	parts := exactly("grid", s.Grid, "owner", string(s.Owner), "general", string(s.General), "stage", s.Stage)
	for _, id := range s.Subs {
		parts = append(parts, Exactly("sub", string(id)))
	}
	return s.Twin.on(Summary{Date: s.Started.Time(time.UTC), AmountFen: s.ContractFen, Number: s.PermitNo,
		Find:  []string{s.Name, s.PermitNo, s.Address, s.Contact, s.Phone, s.WageOfficer, s.ProjectCode},
		Exact: parts})
}
