package xlsform

import (
	"math"
	"strings"

	"anxin/forms"
)

// rangeDefaults are what XLSForm takes for a range without parameters.
var rangeDefaults = map[string]string{"start": "1", "end": "10", "step": "1"}

// rangeCheck is one range being checked.
type rangeCheck struct {
	*compiler
	record   record
	question *forms.Question
	values   map[string]float64
}

// checkRange checks the parameters of a range and fills in the defaults.
func (c *compiler) checkRange(r record, q *forms.Question) {
	for name, v := range rangeDefaults {
		if q.Parameters[name] == "" {
			q.Parameters[name] = v
		}
	}
	check := rangeCheck{c, r, q, map[string]float64{}}
	if check.numbers() {
		check.steps()
		check.placeholder()
		check.ticks()
	}
}

func (c *rangeCheck) say(format string, args ...any) {
	c.fault(c.record.sheet, c.record.number, c.record.written("parameters"), format, args...)
}

// numbers reads the parameters; false if one of them is none or is useless.
func (c *rangeCheck) numbers() bool {
	for _, name := range [...]string{"start", "end", "step", "tick_interval", "placeholder"} {
		text, ok := c.question.Parameters[name]
		if !ok {
			continue
		}
		v := number(text)
		switch {
		case math.IsNaN(v):
			c.say("参数 %s 应是数字，不能是“%s”", name, clip(text))
			return false
		case v == 0 && (name == "step" || name == "tick_interval"):
			c.say("参数 %s 不能是 0", name)
			return false
		}
		c.values[name] = v
	}
	return true
}

func (c *rangeCheck) steps() {
	span := math.Abs(c.values["end"] - c.values["start"])
	for _, name := range [...]string{"step", "tick_interval"} {
		if math.Abs(c.values[name]) > span {
			c.say("参数 %s 不能大于 start 与 end 之差", name)
		}
	}
	if v, ok := c.values["tick_interval"]; ok && !multiple(v, c.values["step"]) {
		c.say("参数 tick_interval 应是 step 的整数倍")
	}
}

func (c *rangeCheck) placeholder() {
	v, ok := c.values["placeholder"]
	if ok && !multiple(v-c.values["start"], c.values["step"]) {
		c.say("参数 placeholder 应等于 start 加上 step 的整数倍")
	}
	if ok && !c.holds(v) {
		c.say("参数 placeholder 应在 start 与 end 之间")
	}
}

// holds tells whether v lies within the range, whichever way it runs.
func (c *rangeCheck) holds(v float64) bool {
	start, end := c.values["start"], c.values["end"]
	return v >= math.Min(start, end) && v <= math.Max(start, end)
}

// multiple tells whether a is a whole multiple of b, within the error of
// binary fractions.
func multiple(a, b float64) bool {
	n := a / b
	return math.Abs(n-math.Round(n)) < 1e-9
}

// ticks checks the labels along a range.
func (c *rangeCheck) ticks() {
	p := c.question.Parameters
	look := strings.Join(strings.Fields(c.question.Appearance), " ")
	plain := look == "" || look == "vertical" || look == "no-ticks" || look == "vertical no-ticks"
	if !plain && p["tick_interval"]+p["placeholder"]+p["tick_labelset"] != "" {
		c.say("参数 tick_interval、placeholder、tick_labelset 只能配外观 vertical、no-ticks 或不写外观")
	}
	name := p["tick_labelset"]
	if name == "" {
		return
	}
	list, ok := c.lists[name]
	if !ok {
		c.say("choices 表里没有 tick_labelset 指定的选项表“%s”", clip(name))
		return
	}
	distinct := map[string]bool{}
	for _, choice := range list.choices {
		distinct[choice.Name] = true
		c.tickLabel(name, choice.Name)
	}
	if strings.Contains(look, "no-ticks") && len(distinct) > 2 {
		c.say("外观 no-ticks 只能有两个刻度标签，选项表“%s”有 %d 个", name, len(distinct))
	}
}

// tickLabel checks the place of one label.
func (c *rangeCheck) tickLabel(list, name string) {
	unit, word := c.values["step"], "step"
	if tick, ok := c.values["tick_interval"]; ok {
		unit, word = tick, "tick_interval"
	}
	v := number(name)
	switch {
	case math.IsNaN(v):
		c.say("刻度标签的选项应都是数字，选项表“%s”里的“%s”不是", list, clip(name))
	case !c.holds(v):
		c.say("刻度标签“%s”不在 start 与 end 之间", clip(name))
	case !multiple(v-c.values["start"], unit):
		c.say("刻度标签“%s”应等于 start 加上 %s 的整数倍", clip(name), word)
	}
}
