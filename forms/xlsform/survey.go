package xlsform

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"anxin/forms"
)

var surveyColumns = columns{
	aliases: map[string]string{
		"type": "type", "command": "type", "name": "name", "tag_name": "name", "value": "name", "tag": "name",
		"label": "label", "caption": "label", "hint": "hint", "guidance_hint": "guidance_hint",
		"required": "required", "bind::required": "required", "required_message": "required_message", "requiredmsg": "required_message", "bind::jr:requiredmsg": "required_message",
		"relevant": "relevant", "relevance": "relevant", "skip_logic": "relevant", "bind::relevant": "relevant",
		"constraint": "constraint", "bind::constraint": "constraint",
		"constraint_message": "constraint_message", "constraining_message": "constraint_message", "jr:constraintmsg": "constraint_message", "bind::jr:constraintmsg": "constraint_message",
		"calculation": "calculation", "calculate": "calculation", "bind::calculate": "calculation", "default": "default",
		"readonly": "readonly", "read_only": "readonly", "bind::readonly": "readonly",
		"choice_filter": "choice_filter", "appearance": "appearance", "control::appearance": "appearance", "body::appearance": "appearance",
		"parameters": "parameters", "repeat_count": "repeat_count", "count": "repeat_count", "jr:count": "repeat_count", "trigger": "trigger",
		"image": "image", "media::image": "image", "audio": "audio", "media::audio": "audio", "video": "video", "media::video": "video",
		"big-image": "big-image", "media::big-image": "big-image",
		"bind": "bind", "disabled": "disabled", "note": "comment", "notes": "comment", "comment": "comment", "comments": "comment",
	},
	translated: map[string]bool{
		"label": true, "hint": true, "guidance_hint": true, "required_message": true, "constraint_message": true,
		"image": true, "audio": true, "video": true, "big-image": true, "comment": true,
	},
	required: []string{"type"},
	outside: map[string]bool{
		"save_to": true, "body": true, "control": true, "instance": true, "intent": true, "autoplay": true, "rows": true, "query": true,
		"sms_field": true, "sms_option": true, "sms_separator": true, "noapperrorstring": true, "no_app_error_string": true, "accuracythreshold": true,
	},
}

// manyProblems is where looking for likely words ends.
const manyProblems = 100

// inGroup is a name in its group.
type inGroup struct {
	parent *forms.Question
	name   string
}

// open is a group or repeat whose end has not come yet.
type open struct {
	question *forms.Question
	row      int
}

func (c *compiler) readSurvey(s sheet) {
	records := c.read(s, surveyColumns)
	stack := []open{{question: c.form.Root}}
	for _, r := range records {
		if isYes(r.get("disabled")) || len(r.fields) == 0 {
			continue
		}
		stack = c.readRow(r, stack)
	}
	for _, o := range stack[1:] {
		c.fault(s.name, o.row, "type", "begin_%s 没有配对的 end_%s，请补上一行", o.question.Type, o.question.Type)
	}
	if len(c.form.Root.Children) == 0 && len(c.externals) == 0 && len(c.problems) == 0 {
		c.fault(s.name, 0, "", "表单没有题目，请在 survey 表里至少写一行")
	}
	c.form.Languages = languages(records)
}

// languages lists those of the labels in the order in which they come.
func languages(records []record) []forms.Language {
	var out []forms.Language
	seen := map[string]bool{}
	for _, r := range records {
		for _, f := range r.fields {
			if code := languageCode(f.sub); f.column == "label" && f.sub != "" && !seen[code] {
				seen[code] = true
				out = append(out, forms.Language{Code: code, Name: f.sub})
			}
		}
	}
	return out
}

func (c *compiler) readRow(r record, stack []open) []open {
	cell := r.get("type")
	if cell == "" {
		if r.onlyComments() {
			return stack
		}
		c.fault(r.sheet, r.number, "type", "这一行没有 type，请填写题型")
		return stack
	}
	top := stack[len(stack)-1].question
	t, ok := parseType(cell)
	if !ok {
		c.unknownType(r, cell)
		c.standIn(r, top)
		return stack
	}
	if t.outside != "" {
		c.outside(r.sheet, r.number, r.written("type"), t.outside)
	}
	switch {
	case t.external:
		c.checkName(r, "name", r.get("name"))
		c.external(r, r.written("type"), r.get("name"))
		if slices.ContainsFunc(stack, func(o open) bool { return o.question.IsRepeat() }) {
			c.fault(r.sheet, r.number, r.written("type"), "重复组里不能声明外部选项表，请移到重复组之外")
		}
		return stack
	case t.end:
		return c.closeGroup(r, t, stack)
	}
	if t.outside != "" && !t.begin {
		c.standIn(r, top)
		return stack
	}
	q := c.question(r, t, top)
	top.Children = append(top.Children, q)
	if t.begin {
		return append(stack, open{q, r.number})
	}
	if t.orOther {
		top.Children = append(top.Children, c.specifyOther(r, q))
	}
	return stack
}

// standIn takes the place of a question that was refused already: others may
// refer to it, and one complaint is enough.
func (c *compiler) standIn(r record, parent *forms.Question) {
	name := r.get("name")
	if !validName.MatchString(name) || c.siblings[inGroup{parent, name}] > 0 {
		return
	}
	c.names[name] = true
	c.siblings[inGroup{parent, name}] = r.number
	parent.Children = append(parent.Children, &forms.Question{Name: name, Type: forms.TypeHidden, Source: forms.Place{Sheet: r.sheet, Row: r.number}})
}

// external notes that a list of this name comes from a file.
func (c *compiler) external(r record, column, list string) {
	c.externals[list] = r.number
	if _, taken := c.lists[list]; taken {
		c.fault(r.sheet, r.number, column, "选项表“%s”在 choices 表里已有，不能又从文件读取，请改名", list)
	}
}

func (r record) onlyComments() bool {
	for _, f := range r.fields {
		if f.column != "comment" {
			return false
		}
	}
	return true
}

func (c *compiler) unknownType(r record, cell string) {
	word := strings.ToLower(strings.Join(strings.Fields(cell), " "))
	first, rest, _ := strings.Cut(word, " ")
	near := forms.Nearest(first, typeNames())
	if near != "" {
		near = strings.TrimSpace(near + " " + rest)
	} else {
		near = forms.Nearest(word, typeNames())
	}
	if near != "" {
		c.fault(r.sheet, r.number, r.written("type"), "不认识题型“%s”，是不是 %s？", clip(cell), near)
		return
	}
	c.fault(r.sheet, r.number, r.written("type"), "不认识题型“%s”，请改用 text、integer、date、select_one 等", clip(cell))
}

// closeGroup handles end_group and end_repeat; a name on such a row means
// nothing, as in pyxform.
func (c *compiler) closeGroup(r record, t typed, stack []open) []open {
	word := "end_" + string(t.kind)
	top := stack[len(stack)-1]
	if len(stack) == 1 {
		c.fault(r.sheet, r.number, "type", "%s 前面没有对应的 begin_%s，请删去这一行或补上开头", word, t.kind)
		return stack
	}
	if top.question.Type != t.kind {
		c.fault(r.sheet, r.number, "type", "第 %d 行开始的是 begin_%s，这里却写 %s，请改成一致", top.row, top.question.Type, word)
	}
	return stack[:len(stack)-1]
}

// question builds one node from its row.
func (c *compiler) question(r record, t typed, parent *forms.Question) *forms.Question {
	q := &forms.Question{
		Name: r.get("name"), Type: t.kind, Source: forms.Place{Sheet: r.sheet, Row: r.number},
		Label: r.text("label"), Hint: r.text("hint"), Guidance: r.text("guidance_hint"), Media: map[string]forms.Text{},
		Appearance: r.get("appearance"), File: t.file,
		Required: condition(r.get("required")), RequiredMessage: r.text("required_message"), Readonly: condition(r.get("readonly")),
		Relevant: truth(r.get("relevant")), Constraint: truth(r.get("constraint")), ConstraintMessage: r.text("constraint_message"),
		Calculation: r.get("calculation"), Default: r.get("default"), ChoiceFilter: r.get("choice_filter"), RepeatCount: r.get("repeat_count"),
		Law: map[string]string{},
	}
	for _, kind := range mediaKinds {
		if text := r.text(kind); text != nil {
			q.Media[kind] = text
		}
	}
	c.nameQuestion(r, q, parent)
	c.pulled(r)
	c.checkTruths(r, q)
	c.checkTexts(r, q)
	c.readBinds(r, q)
	c.checkAppearance(r, q)
	c.readParameters(r, q)
	c.readTrigger(r, q)
	if q.IsSelect() {
		c.useList(r, t, q)
	}
	c.checkColumnsFit(r, q, parent)
	return q
}

var pulldata = regexp.MustCompile(`pulldata\(\s*(?:'([^']+)'|"([^"]+)")`)

// pulled notes the lists from which pulldata() takes.
func (c *compiler) pulled(r record) {
	for _, f := range r.fields {
		for _, m := range pulldata.FindAllStringSubmatch(f.value, -1) {
			c.external(r, f.written, m[1]+m[2])
		}
	}
}

var bareWord = regexp.MustCompile(`^[\pL_][\pL\pN_-]*$`)

// checkTruths refuses a lone word where yes, no or a condition is wanted: as an
// expression it would look for an answer that cannot be there.
func (c *compiler) checkTruths(r record, q *forms.Question) {
	for _, cell := range [...]struct{ column, value string }{{"required", q.Required}, {"readonly", q.Readonly}, {"relevant", q.Relevant}} {
		if !bareWord.MatchString(cell.value) {
			continue
		}
		hint := "应填 yes、no 或者条件"
		if c.names[cell.value] {
			hint = "引用题目要写 ${" + cell.value + "}"
		}
		c.fault(r.sheet, r.number, r.written(cell.column), "不认识“%s”，%s", clip(cell.value), hint)
	}
}

// truth keeps a false condition: relevant = no hides for good.
func truth(s string) string {
	switch {
	case isYes(s):
		return "true()"
	case isNo(s):
		return "false()"
	}
	return s
}

var validName = regexp.MustCompile(`^[\pL_][\pL\pN\pM_.·-]*$`)

func (c *compiler) checkName(r record, column, name string) {
	switch {
	case name == "":
		c.fault(r.sheet, r.number, r.written(column), "没有名称，请填写 %s", column)
	case !validName.MatchString(name):
		c.fault(r.sheet, r.number, r.written(column), "名称“%s”不合规则：应以字母、汉字或 _ 开头，后面可用字母、数字、_、-、.", clip(name))
	}
}

func (c *compiler) nameQuestion(r record, q, parent *forms.Question) {
	if q.Name == "" && q.Type == forms.TypeNote {
		q.Name = fmt.Sprintf("generated_note_name_%d", r.number)
	}
	c.checkName(r, "name", q.Name)
	if q.Name == "meta" {
		c.fault(r.sheet, r.number, r.written("name"), "名称 meta 留给表单自身使用，请换一个名称")
	}
	place := inGroup{parent, q.Name}
	if row, twice := c.siblings[place]; twice && q.Name != "" {
		c.fault(r.sheet, r.number, r.written("name"), "名称“%s”与第 %d 行重复，同一组里的名称不能相同，请改名", q.Name, row)
	}
	c.siblings[place] = r.number
	if q.IsRepeat() && c.repeats[q.Name] > 0 {
		c.fault(r.sheet, r.number, r.written("name"), "重复组名称“%s”与第 %d 行相同，重复组的名称在整张表单里不能相同，请改名", q.Name, c.repeats[q.Name])
	}
	if q.IsRepeat() {
		c.repeats[q.Name] = r.number
	}
	if q.IsRepeat() && q.Name == c.form.Root.Name {
		c.fault(r.sheet, r.number, r.written("name"), "重复组不能与整张表单同名（%s），请改名", q.Name)
	}
	c.names[q.Name] = true
}

// checkTexts asks for a label or hint where there is something to see.
func (c *compiler) checkTexts(r record, q *forms.Question) {
	if q.Media["big-image"] != nil && q.Media["image"] == nil {
		c.fault(r.sheet, r.number, r.written("big-image"), "有 big-image 就必须有 image，请补上")
	}
	switch q.Type {
	case forms.TypeGroup, forms.TypeRepeat, forms.TypeCalculate, forms.TypeHidden, forms.TypeStart, forms.TypeEnd, forms.TypeToday, forms.TypeDeviceID, forms.TypeUsername:
		return
	}
	if len(q.Label)+len(q.Hint)+len(q.Media) > 0 || q.Calculation != "" || q.HasDynamicDefault() || r.get("trigger") != "" {
		return
	}
	c.fault(r.sheet, r.number, "label", "题目“%s”没有 label 或 hint，填表的人看不到问题，请补上", clip(q.Name))
}

// readBinds takes the columns of the law: bind::law:basis and so on.
func (c *compiler) readBinds(r record, q *forms.Question) {
	for _, f := range r.fields {
		if f.column != "bind" {
			continue
		}
		prefix, name, found := strings.Cut(f.sub, ":")
		prefix = strings.ToLower(strings.TrimSpace(prefix))
		if !found || prefix != "law" {
			c.outsideOnce(r, f.written)
			continue
		}
		if _, declared := c.form.Namespaces[prefix]; !declared && !c.lawReported {
			c.lawReported = true
			c.fault(r.sheet, 1, f.written, `前缀 law 没有声明，请在 settings 表的 namespaces 列写上 law="https://anxin.example/law"`)
		}
		q.Law[strings.TrimSpace(name)] = f.value
	}
}

// outsideOnce reports a column that is not in the profile at its header.
func (c *compiler) outsideOnce(r record, written string) {
	if !c.reported[written] {
		c.reported[written] = true
		c.outside(r.sheet, 1, written, written)
	}
}

var triggerList = regexp.MustCompile(`^\s*\$\{[^{}]+\}(\s*,\s*\$\{[^{}]+\})*\s*$`)

func (c *compiler) readTrigger(r record, q *forms.Question) {
	v := r.get("trigger")
	if v == "" {
		return
	}
	if !triggerList.MatchString(v) {
		c.fault(r.sheet, r.number, r.written("trigger"), "应写成 ${题目}，几个题目之间用逗号隔开")
		return
	}
	q.Trigger = referencedNames(v)
	for _, name := range q.Trigger {
		if strings.HasPrefix(name, "last-saved#") {
			c.outside(r.sheet, r.number, r.written("trigger"), "last-saved")
			q.Trigger = nil
		}
	}
}

// checkTableList asks the selects of a grid for one list without a filter.
func (c *compiler) checkTableList(r record, q, parent *forms.Question) {
	if !q.IsSelect() || !parent.HasAppearance("table-list") {
		return
	}
	first := slices.IndexFunc(parent.Children, (*forms.Question).IsSelect)
	if first < 0 && q.ChoiceFilter != "" {
		c.fault(r.sheet, r.number, r.written("choice_filter"), "外观为 table-list 的组里不能用 choice_filter，请清空")
	}
	if first >= 0 && parent.Children[first].ListName != q.ListName {
		c.fault(r.sheet, r.number, r.written("type"), "外观为 table-list 的组里各题要用同一个选项表，第一题用的是“%s”", parent.Children[first].ListName)
	}
}

// specifyOther is the text question that follows a select with or_other.
func (c *compiler) specifyOther(r record, q *forms.Question) *forms.Question {
	name := q.Name + "_other"
	c.names[name] = true
	return &forms.Question{
		Name: name, Type: forms.TypeText, Source: q.Source, Label: forms.Text{"": "其他，请说明", "en": "Specify other."},
		Relevant: "selected(${" + q.Name + "}, '" + otherName + "')", Law: map[string]string{}, Media: map[string]forms.Text{}, Parameters: map[string]string{},
	}
}

// checkColumnsFit refuses columns that mean nothing for the type.
func (c *compiler) checkColumnsFit(r record, q, parent *forms.Question) {
	if q.RepeatCount != "" && !q.IsRepeat() {
		c.fault(r.sheet, r.number, r.written("repeat_count"), "只有 begin_repeat 才能有 repeat_count，请清空")
	}
	if q.ChoiceFilter != "" && !q.IsSelect() {
		c.fault(r.sheet, r.number, r.written("choice_filter"), "只有选择题才能有 choice_filter，请清空")
	}
	if q.Type == forms.TypeCalculate && q.Calculation == "" && !q.HasDynamicDefault() {
		c.fault(r.sheet, r.number, "calculation", "calculate 题没有 calculation，请填写算式")
	}
	if q.IsContainer() && q.Required != "" {
		c.fault(r.sheet, r.number, r.written("required"), "分组和重复组不能必填，请清空，或者写到组内的题目上")
	}
	c.checkTableList(r, q, parent)
}
