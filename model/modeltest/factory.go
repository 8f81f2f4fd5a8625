package modeltest

import (
	"fmt"
	"time"

	"anxin/model"
)

var (
	surnames = []rune("张王李赵刘陈杨黄周吴徐孙马朱胡郭何高林罗")
	given    = []rune("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英华建国志海玉春梅")
	trades   = []string{"钢筋工", "木工", "泥瓦工", "架子工", "电工", "杂工"}
)

// Person is somebody who does not exist.
type Person struct {
	Name  string
	IDNo  string // 18 characters, check character right
	Phone string
	Card  string // 19 digits
}

// PersonOf is the n-th generated person, the same in every run; different n
// have different identity numbers, phones and cards.
func PersonOf(n int) Person {
	name := []rune{surnames[n%len(surnames)], given[n/len(surnames)%len(given)], given[(n*7+3)%len(given)]}
	born := time.Date(1960, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, (n*37)%14000)
	seventeen := fmt.Sprintf("430725%s%03d", born.Format("20060102"), n%1000)
	return Person{
		Name: string(name), IDNo: seventeen + string(idCheck(seventeen)),
		Phone: fmt.Sprintf("139%08d", n), Card: fmt.Sprintf("6217%015d", n),
	}
}

// idCheck is the check character of an identity number (GB 11643-1999).
func idCheck(seventeen string) byte {
	weights := [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += int(seventeen[i]-'0') * w
	}
	return "10X98765432"[sum%11]
}

// Office is a county bureau.
func Office() *model.Office {
	return &model.Office{
		Name: "桃花源县人力资源和社会保障局", Word: "桃人社", Government: "桃花源县人民政府", Court: "桃花源县人民法院", Region: "湖南",
		Address: "桃花源县沅水路 1 号", Postcode: "415700", Contact: "监察大队", Phone: "0736-6620000", Remedies: true, ReportDays: 3,
	}
}

// Officer is the n-th officer, an inspector with a valid certificate.
func Officer(n int) *model.Officer {
	return &model.Officer{
		Name: PersonOf(9000 + n).Name, Unit: "劳动保障监察大队", Duty: "监察员", CertNo: fmt.Sprintf("湘J%08d", n), CertType: "劳动保障监察证",
		ValidFrom: "2024-01-01", ValidTo: "2028-12-31", Role: model.RoleInspector,
	}
}

// Employer is the n-th employer.
func Employer(n int) *model.Employer {
	p := PersonOf(8000 + n)
	return &model.Employer{
		Name: fmt.Sprintf("桃花源第%d建筑工程有限公司", n), USCC: fmt.Sprintf("91430725MA4%07d", n), LegalRep: p.Name, RepDuty: "经理",
		Phone: p.Phone, Address: fmt.Sprintf("桃花源县武陵街 %d 号", n), Industry: "建筑业", Grid: "430725001", Headcount: 40 + n,
		Source: fmt.Sprintf("registers.xlsx 单位!%d", n+1),
	}
}

// Site is a construction project of an employer.
func Site(n int, general model.ID) *model.Site {
	p := PersonOf(7000 + n)
	return &model.Site{
		Name: fmt.Sprintf("安置房%d期工程", n), PermitNo: fmt.Sprintf("4307252026%04d", n), Owner: general, General: general,
		Address: fmt.Sprintf("桃花源县桃源大道 %d 号", n), Started: "2026-03-01", ContractFen: 1_200_000_000, Grid: "430725001", Contact: p.Name, Phone: p.Phone,
	}
}

// Case is a case against an employer about a site.
func Case(n int, employer, site model.ID) *model.Case {
	return &model.Case{
		State: model.CaseInvestigating, Number: fmt.Sprintf("桃人社监案〔2026〕%d号", n), Cause: "拖欠农民工工资", Employer: employer, Site: site,
		OpenedAt: Day, DueBy: "2026-12-18",
	}
}

// WageRoll is a roll of n workers, first being the number of the first person
// on it. Payable, paid and owed agree in every row.
func WageRoll(first, n int, of model.ID) *model.WageRoll {
	roll := &model.WageRoll{Case: of, Maker: PersonOf(6000).Name, File: "工资表.xlsx"}
	for i := range n {
		p := PersonOf(first + i)
		payable, paid := int64(1_800_000+1000*i), int64(500_000)
		roll.Workers = append(roll.Workers, model.Worker{
			Name: p.Name, IDNo: p.IDNo, Trade: trades[i%len(trades)], From: "2026-06", To: "2026-08",
			PayableFen: payable, PaidFen: paid, OwedFen: payable - paid, Card4: p.Card[len(p.Card)-4:], Row: i + 4,
		})
	}
	return roll
}

// Draft is a document that is not issued.
func Draft(of model.ID, party string) *model.Document {
	return &model.Document{
		State: model.DocumentDraft, Type: "D06", Title: "劳动保障监察限期改正指令书", Case: of, DueBy: "2026-09-28",
		Fields: map[string]any{"employer": party, "amount": "336000.00"},
	}
}

// Issued is the draft after it was issued under a number.
func Issued(draft *model.Document, series string, serial int, at time.Time) *model.Document {
	d := *draft
	d.State = model.DocumentIssued
	d.Issued = &model.Issue{
		Number: fmt.Sprintf("桃人社监%s第%d号", series, serial), Series: series, Serial: serial, At: at, Pages: 2, AmountFen: 33_600_000,
		Digest: fmt.Sprintf("%064x", serial), PDF: fmt.Sprintf("%064x", serial+1),
	}
	return &d
}
