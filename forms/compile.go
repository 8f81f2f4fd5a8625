package forms

import (
	"fmt"
	"path"
	"regexp"
	"sort"
	"strings"

	"anxin/forms/xpath"
)

// DefinitionProblem is one thing wrong with a form's definition. Column is the
// XLSForm column at fault. Text says what is wrong and what to do. Outside
// names what is used that this package does not have, "" for a mistake.
type DefinitionProblem struct {
	Question *Question
	Column   string
	Text     string
	Outside  string
}

// DefinitionError lists all that is wrong with a form's definition.
type DefinitionError struct{ Problems []DefinitionProblem }

func (e *DefinitionError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = fmt.Sprintf("%s 的 %s：%s", p.Question.Path, p.Column, p.Text)
	}
	return strings.Join(lines, "\n")
}

// compiled are the expressions of a question, nil where it has none.
type compiled struct {
	relevant, required, readonly, constraint, calculation *xpath.Expr
	dynamicDefault, repeatCount, choices                  *xpath.Expr
	label, hint, guidance, constraintText, requiredText   templates
	positional                                            bool // whether choices depend on places in the list
}

// Compile links the tree, compiles every expression and orders them by what
// they depend on. It returns a *DefinitionError naming every fault. A form is
// compiled once, before its first instance.
func (f *Form) Compile() error {
	c := &compiler{form: f, byName: map[string][]*Question{}}
	if f.Root.Name == "" {
		f.Root.Name = "data"
	}
	c.link(f.Root, nil)
	for _, q := range c.all {
		c.compile(q)
	}
	p := &plan{questions: c.all, lists: map[string]*Question{}}
	for _, q := range c.all {
		if q.ListName != "" && q.File == "" && p.lists[q.ListName] == nil {
			p.lists[q.ListName] = q
		}
	}
	c.instanceName(p)
	if len(c.problems) == 0 {
		c.order(p)
	}
	if len(c.problems) > 0 {
		return &DefinitionError{c.problems}
	}
	f.plan = p
	return nil
}

type compiler struct {
	form     *Form
	all      []*Question // by index, the root first
	byName   map[string][]*Question
	schema   map[*Question]*schemaNode
	problems []DefinitionProblem
}

func (c *compiler) fault(q *Question, column, format string, args ...any) {
	c.problems = append(c.problems, DefinitionProblem{Question: q, Column: column, Text: fmt.Sprintf(format, args...)})
}

// link fills parents, paths and indexes, depth first.
func (c *compiler) link(q, parent *Question) {
	q.Parent, q.index = parent, len(c.all)
	c.all = append(c.all, q)
	if parent != nil {
		q.Path = path.Join("/", parent.Path, q.Name)
		q.depth = parent.depth + 1
		c.byName[q.Name] = append(c.byName[q.Name], q)
	}
	q.byChoice = make(map[string]int, len(q.Choices))
	for i := len(q.Choices) - 1; i >= 0; i-- {
		q.byChoice[q.Choices[i].Name] = i
	}
	q.named = make(map[string]*Question, len(q.Children))
	for i, child := range q.Children {
		child.slot = i
		c.link(child, q)
		if q.named[child.Name] != nil {
			c.fault(child, "name", "同一组里有两个“%s”，请改名", child.Name)
		}
		q.named[child.Name] = child
	}
}

func (c *compiler) compile(q *Question) {
	e := &q.exprs
	e.relevant = c.expression(q, q, "relevant", q.Relevant)
	e.required = c.expression(q, q, "required", q.Required)
	e.readonly = c.expression(q, q, "readonly", q.Readonly)
	e.constraint = c.expression(q, q, "constraint", q.Constraint)
	e.calculation = c.expression(q, q, "calculation", q.Calculation)
	if q.RepeatCount != "" {
		e.repeatCount = c.expression(q, q.Parent, "repeat_count", q.RepeatCount)
	}
	if q.HasDynamicDefault() {
		e.dynamicDefault = c.expression(q, q, "default", q.Default)
	}
	if q.IsSelect() {
		e.choices = c.choiceExpression(q)
	}
	e.label = c.templates(q, "label", q.Label)
	e.hint = c.templates(q, "hint", q.Hint)
	e.guidance = c.templates(q, "guidance_hint", q.Guidance)
	e.constraintText = c.templates(q, "constraint_message", q.ConstraintMessage)
	e.requiredText = c.templates(q, "required_message", q.RequiredMessage)
	for _, kind := range sortedKeys(q.Media) {
		c.templates(q, kind, q.Media[kind]) // for their references only
	}
	for _, name := range q.Trigger {
		if _, err := c.find(name); err != nil {
			c.fault(q, "trigger", "%v", err)
		}
	}
}

var (
	functionCall = regexp.MustCompile(`[\pL_][\pL\pN_:-]*\(`)
	arithmetic   = regexp.MustCompile(`\d\s*[-+*]\s*\d|\s(div|mod)\s`)
)

// isDynamic tells an expression from a plain text as default.
func isDynamic(s string) bool {
	return strings.Contains(s, "${") || functionCall.MatchString(s) && strings.HasSuffix(strings.TrimSpace(s), ")")
}

// expression compiles source for q as seen from the node of at.
func (c *compiler) expression(q, at *Question, column, source string) *xpath.Expr {
	if strings.TrimSpace(source) == "" {
		return nil
	}
	e, err := xpath.Compile(source, xpath.Options{Reference: func(name string, whole bool) (string, error) {
		t, err := c.find(name)
		if err != nil {
			return "", err
		}
		return reference(at, t, whole), nil
	}})
	if err != nil {
		c.fault(q, column, "表达式 %s 有误：%v", source, err)
		if strings.Contains(source, "${"+lastSaved) {
			c.problems[len(c.problems)-1].Outside = strings.TrimSuffix(lastSaved, "#")
		}
		return nil
	}
	for _, fault := range e.Faults() {
		hint := ""
		if near := Nearest(fault.Unknown, xpath.FunctionNames()); near != "" {
			hint = "，是不是 " + near + "()？"
		}
		c.fault(q, column, "表达式 %s 有误：%s%s", source, fault.Text, hint)
		c.problems[len(c.problems)-1].Outside = fault.Unknown
	}
	return e
}

// lastSaved begins the name of an answer in the form saved before.
const lastSaved = "last-saved#"

// find resolves ${name}.
func (c *compiler) find(name string) (*Question, error) {
	found := c.byName[name]
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return nil, fmt.Errorf("引用的 ${%s} 不明确：有 %d 个题目叫这个名字（%s 和 %s），请改名", name, len(found), found[0].Path, found[1].Path)
	case strings.HasPrefix(name, lastSaved):
		return nil, fmt.Errorf("引用的 ${%s} 用了 last-saved，不在本系统支持的范围内，请删去", name)
	}
	if near := c.nearestName(name); near != "" {
		return nil, fmt.Errorf("引用的 ${%s} 不存在，是不是 ${%s}？", name, near)
	}
	return nil, fmt.Errorf("引用的 ${%s} 不存在，请在 survey 表中加上这个题目或更正名称", name)
}

// manyProblems is where looking for likely words ends: a source with so many
// faults is not a form with slips of the pen.
const manyProblems = 100

func (c *compiler) nearestName(name string) string {
	if len(c.problems) > manyProblems {
		return ""
	}
	names := make([]string, 0, len(c.byName))
	for n := range c.byName {
		names = append(names, n)
	}
	return Nearest(name, names)
}

// reference is the path from at to t. Inside a common repeat it is relative,
// so that it means the same row; otherwise absolute.
func reference(at, t *Question, whole bool) string {
	common := commonRepeat(at, t)
	if whole || common == nil {
		return "/" + strings.Join(t.names(nil), "/")
	}
	parts := []string{"current()"}
	for i := common.depth; i < at.depth; i++ {
		parts = append(parts, "..")
	}
	return strings.Join(append(parts, t.names(common)...), "/")
}

// names lists the names from below stop (nil: from the root element) to q.
func (q *Question) names(stop *Question) []string {
	var out []string
	for ; q != stop && q != nil; q = q.Parent {
		out = append([]string{q.Name}, out...)
	}
	return out
}

// commonRepeat is the innermost repeat that holds t and is or holds at.
func commonRepeat(at, t *Question) *Question {
	for r := t.Parent; r != nil; r = r.Parent {
		if !r.IsRepeat() {
			continue
		}
		for p := at; p != nil; p = p.Parent {
			if p == r {
				return r
			}
		}
	}
	return nil
}

// choiceExpression selects the rows of the choice list that pass the filter.
func (c *compiler) choiceExpression(q *Question) *xpath.Expr {
	if q.ChoiceFilter == "" && q.File == "" && q.Parameters["randomize"] != "true" {
		return nil
	}
	filter := c.expression(q, q, "choice_filter", q.ChoiceFilter)
	if filter == nil && q.ChoiceFilter != "" {
		return nil
	}
	q.exprs.positional = filter != nil && filter.Positional()
	source := "instance('" + ownList + "')"
	if q.File != "" {
		source = "instance('" + listID(q.File) + "')"
	}
	source += "/root/item"
	if q.ChoiceFilter != "" {
		source += "[" + q.ChoiceFilter + "]"
	}
	if seed := q.Parameters["seed"]; q.Parameters["randomize"] == "true" && seed != "" {
		source = "randomize(" + source + "," + seed + ")"
	}
	return c.expression(q, q, "choice_filter", source)
}

// listID is the id of an external list: its file name without the ending.
func listID(file string) string { return strings.TrimSuffix(path.Base(file), path.Ext(file)) }

func (c *compiler) instanceName(p *plan) {
	if c.form.InstanceName == "" {
		return
	}
	p.instanceName = c.expression(c.form.Root, c.form.Root, "instance_name", c.form.InstanceName)
}

// Nearest returns the word most like s within a third of its length in edits,
// "" if none is. It serves "did you mean".
func Nearest(s string, words []string) string {
	sort.Strings(words)
	best, bestAt := "", len([]rune(s))/3+1
	for _, w := range words {
		if d := editDistance(s, w, bestAt); d < bestAt || d == bestAt && best == "" && d <= len([]rune(s))/3 {
			best, bestAt = w, d
		}
	}
	return best
}

// editDistance is Levenshtein's with two neighbours exchanged as one edit, cut
// off beyond limit.
func editDistance(a, b string, limit int) int {
	x, y := []rune(strings.ToLower(a)), []rune(strings.ToLower(b))
	if len(x)-len(y) > limit || len(y)-len(x) > limit {
		return limit + 1
	}
	var before []int // the row above the one above
	above := make([]int, len(y)+1)
	for j := range above {
		above[j] = j
	}
	for i := range x {
		row := make([]int, len(y)+1)
		row[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			row[j+1] = min(above[j+1]+1, row[j]+1, above[j]+cost)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, above = above, row
	}
	return above[len(y)]
}
