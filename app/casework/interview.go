package casework

import (
	"bufio"
	"context"
	"fmt"
	"strings"
	"time"

	"anxin/model"
)

// Limits of an interview that are worth a warning.
const (
	shortInterview = 5 * time.Minute
	longInterview  = 2*time.Hour + 30*time.Minute
)

// Statement is what a person said, as it was taken down.
type Statement struct {
	Person string
	Sex    string
	Unit   string // 工作单位及职务
	Place  string
	QAs    []model.QA
}

// ReadStatement reads a statement typed as text: header lines 被询问人, 地点,
// then 问:/答: in turn. Lines that go on belong to the one before. An error
// names the line.
func ReadStatement(name, text string) (Statement, error) {
	var s Statement
	sc := bufio.NewScanner(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	sc.Buffer(nil, 1<<20)
	for n := 1; sc.Scan(); n++ {
		if err := s.line(strings.TrimSpace(sc.Text())); err != nil {
			return Statement{}, fmt.Errorf("“%s”第%d行：%w", name, n, err)
		}
	}
	if err := sc.Err(); err != nil {
		return Statement{}, fmt.Errorf("读取“%s”: %w", name, err)
	}
	if len(s.QAs) == 0 {
		return Statement{}, fmt.Errorf("“%s”里没有问答，请以“问：”“答：”开头逐行填写", name)
	}
	for i, q := range s.QAs {
		if q.Answer == "" {
			return Statement{}, fmt.Errorf("“%s”的第%d问“%s”没有回答，请补上“答：”", name, i+1, q.Question)
		}
	}
	return s, nil
}

func (s *Statement) line(l string) error {
	if l == "" {
		return nil
	}
	head, rest, ok := cutColon(l)
	last := len(s.QAs) - 1
	switch {
	case ok && head == "问":
		s.QAs = append(s.QAs, model.QA{Question: rest})
	case ok && head == "答":
		if last < 0 || s.QAs[last].Answer != "" {
			return fmt.Errorf("“答”前面没有“问”，请核对顺序")
		}
		s.QAs[last].Answer = rest
	case last >= 0 && s.QAs[last].Answer != "":
		s.QAs[last].Answer += l
	case last >= 0:
		s.QAs[last].Question += l
	case ok && head == "被询问人":
		s.person(rest)
	default:
		s.header(l)
	}
	return nil
}

// person reads "姓名  性别 单位职务".
func (s *Statement) person(rest string) {
	f := strings.Fields(rest)
	if len(f) > 0 {
		s.Person, f = f[0], f[1:]
	}
	if len(f) > 0 && (f[0] == "男" || f[0] == "女") {
		s.Sex, f = f[0], f[1:]
	}
	s.Unit = strings.Join(f, "")
}

// header takes the place out of "时间:… 地点:…"; the times are asked for apart.
func (s *Statement) header(l string) {
	for _, mark := range []string{"地点：", "地点:"} {
		if _, after, ok := strings.Cut(l, mark); ok {
			s.Place = strings.TrimSpace(after)
		}
	}
}

func cutColon(l string) (head, rest string, ok bool) {
	for i, r := range l {
		if r == '：' || r == ':' {
			return strings.TrimSpace(l[:i]), strings.TrimSpace(l[i+len(string(r)):]), true
		}
	}
	return "", l, false
}

// TakeInterview checks a statement against the rules of the record, frames it
// with the questions whose wording is fixed, saves it and issues the record
// (D28).
func (d *Desk) TakeInterview(ctx context.Context, v model.Interview) (model.ID, []Reason, error) {
	reasons, err := d.interviewReasons(ctx, &v)
	if err != nil {
		return "", nil, err
	}
	if err := enforce("制作询问笔录", reasons); err != nil {
		return "", nil, err
	}
	officers, err := d.people(ctx, v.Officers)
	if err != nil {
		return "", nil, err
	}
	o, err := d.Office(ctx)
	if err != nil {
		return "", nil, err
	}
	v.State = model.InterviewDone
	v.QAs = frame(&v, o.Value.Name, officers)
	if v.Times == 0 {
		before, err := d.timesAsked(ctx, v.Case, v.Person)
		if err != nil {
			return "", nil, err
		}
		v.Times = before + 1
	}
	fields, err := d.interviewFields(ctx, &v)
	if err != nil {
		return "", nil, err
	}
	id := d.IDs.NewID()
	doc, err := d.issueWith(ctx, &model.Document{Type: "D28", Case: v.Case, Interview: id, Fields: fields}, model.Change{ID: id, Record: &v})
	return doc, warnings(reasons), err
}

// timesAsked counts the statements a person already gave in a case.
func (d *Desk) timesAsked(ctx context.Context, c model.ID, person string) (n int, err error) {
	list, err := all[model.Interview](ctx, d, model.Query{Case: c})
	for _, k := range list {
		if k.Value.Person == person {
			n++
		}
	}
	return n, err
}

// interviewReasons: one person, two officers, an end after the start, and no
// officer in two records at once.
func (d *Desk) interviewReasons(ctx context.Context, v *model.Interview) ([]Reason, error) {
	out, err := d.TwoOfficers(ctx, v.Officers, v.Start)
	if err != nil {
		return nil, err
	}
	length := v.End.Sub(v.Start)
	switch {
	case v.Person == "":
		out = append(out, block("被询问人没有填写", ""))
	case length <= 0:
		out = append(out, block("询问结束时间必须晚于开始时间", ""))
	case length < shortInterview:
		out = append(out, warn("询问不足5分钟，请核对时间", ""))
	case length > longInterview:
		out = append(out, warn("询问超过2小时30分，请核对时间或者分次询问", ""))
	}
	if strings.ContainsAny(v.Person, "、，,") {
		out = append(out, block("一份笔录只能询问一人", ""))
	}
	if v.IDNo == "" {
		out = append(out, warn("被询问人的证件号码没有填写，笔录上留空待补", ""))
	}
	if v.Told.IsZero() {
		out = append(out, warn("没有记下被询问人确认听清权利义务的时间，请当面宣读后确认", "《中华人民共和国行政处罚法》第四十四条"))
	}
	overlaps, err := d.overlaps(ctx, v)
	return append(out, overlaps...), err
}

// frame puts the locked questions before and after what was asked. Their
// wording is the law's; the prepared answers are what people say, and stand on
// the record the person reads and signs.
func frame(v *model.Interview, office string, two []*model.Officer) []model.QA {
	if len(v.QAs) > 0 && v.QAs[0].Locked {
		return v.QAs
	}
	names := two[0].Name + "、" + two[1].Name
	recording := v.Recording
	if recording == "" {
		recording = byHand
	}
	open := []model.QA{
		{Question: fmt.Sprintf("我们是%s的劳动保障监察员%s，这是我们的执法证件（出示），执法证号分别为%s、%s，请你查看。看清楚了吗？",
			office, names, two[0].CertNo, two[1].CertNo), Answer: "看清楚了。"},
		{Question: fmt.Sprintf("今天依法就%s向你调查询问。依据《劳动保障监察条例》第十五条、第十六条和《中华人民共和国行政处罚法》第五十五条的规定，你应当如实回答询问并协助调查，提供真实材料，不得隐瞒事实真相、出具伪证或者隐匿、毁灭证据，否则应当承担相应的法律责任。听清楚了吗？", v.Matter),
			Answer: "听清楚了。"},
		{Question: "你依法享有下列权利：认为询问人、记录人与本案有直接利害关系或者有其他关系可能影响公正执法的，有权申请回避；有权陈述、申辩；有权核对笔录，对记录有遗漏或者差错的，有权要求补充或者更正；对与本案无关的问题，有权拒绝回答；个人隐私、商业秘密依法受到保护。听清楚了吗？是否申请回避？",
			Answer: "听清楚了，不申请回避。"},
		{Question: "本次询问" + recording + "，你知道了吗？", Answer: "知道了。"},
	}
	if v.Unit != "" {
		open = append(open, model.QA{Question: "请介绍你的基本情况。", Answer: introduce(v)})
	}
	closing := []model.QA{
		{Question: "以上是否属实？你还有什么需要补充说明的事项或者意见？", Answer: "属实，没有补充。"},
		{Question: "请你核对笔录，无误后逐页签名并捺指印（阅读有困难的，我们向你宣读）。", Answer: "好的。"},
	}
	var out []model.QA
	for _, q := range open {
		q.Locked = true
		out = append(out, q)
	}
	for _, q := range v.QAs {
		q.Locked = false
		out = append(out, q)
	}
	for _, q := range closing {
		q.Locked = true
		out = append(out, q)
	}
	return out
}

func introduce(v *model.Interview) string {
	s := "我叫" + v.Person
	if v.Sex != "" {
		s += "，" + v.Sex
	}
	return s + "，是" + v.Unit + "。"
}
