package model

import "time"

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
	return Summary{State: o.Role, Due: o.ValidTo, Find: []string{o.Name, o.CertNo, o.Unit}}
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
	return Summary{Number: g.Code, Count: g.Level, Find: []string{g.Code, g.Name, g.Keeper}}
}

// Employer is a unit that employs people.
type Employer struct {
	Name      string `json:"name"`
	USCC      string `json:"uscc"` // 统一社会信用代码 as normalised; kept even when a check digit fails
	LegalRep  string `json:"legal_rep"`
	RepDuty   string `json:"rep_duty"`
	Phone     string `json:"phone"`
	Address   string `json:"address"`
	Industry  string `json:"industry"`
	Grid      string `json:"grid"`
	Headcount int    `json:"headcount"`
	Note      string `json:"note"`
	// Source and row the record was imported from, "registers.xlsx 单位!7".
	Source string `json:"source"`
}

func (*Employer) Kind() Kind { return KindEmployer }

// Summary implements Record.
func (e *Employer) Summary() Summary {
	return Summary{Count: e.Headcount, Find: []string{e.Name, e.USCC, e.LegalRep, e.Phone, e.Address}}
}

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
}

func (*Site) Kind() Kind { return KindSite }

// Summary implements Record.
func (s *Site) Summary() Summary {
	return Summary{Date: s.Started.Time(time.UTC), AmountFen: s.ContractFen, Number: s.PermitNo,
		Find: []string{s.Name, s.PermitNo, s.Address, s.Contact}}
}
