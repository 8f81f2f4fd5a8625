// Package terminal is how the programs without a window speak to a person: the
// help page, what is wrong with a command line, and an error as one sentence.
//
// It refuses to know any command, and to hand on the English of the operating
// system or of the parser where there are words for it.
package terminal

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/rivo/uniseg"
)

// Help prints how a command is called; it is a kong.HelpPrinter.
func Help(_ kong.HelpOptions, ctx *kong.Context) error {
	node := ctx.Selected()
	if node == nil {
		node = ctx.Model.Node
	}
	w := ctx.Stdout
	fmt.Fprintf(w, "用法：%s\n\n%s\n", synopsis(ctx, node), node.Help)
	var commands, arguments, options [][2]string
	for _, c := range node.Children {
		commands = append(commands, [2]string{c.Name, c.Help})
	}
	for _, p := range node.Positional {
		arguments = append(arguments, [2]string{bracketed(p), p.Help})
	}
	for _, group := range node.AllFlags(true) {
		for _, f := range group {
			options = append(options, [2]string{option(f), explained(f)})
		}
	}
	list(w, "命令", commands)
	list(w, "参数", arguments)
	list(w, "选项", options)
	if len(commands) > 0 {
		fmt.Fprintf(w, "\n用 %s <命令> --help 查看一个命令的用法\n", ctx.Model.Name+strings.TrimPrefix(node.FullPath(), ctx.Model.Name))
	}
	return nil
}

// list prints names with what they are for, the second column in line.
func list(w io.Writer, title string, rows [][2]string) {
	if len(rows) == 0 {
		return
	}
	wide := 0
	for _, r := range rows {
		wide = max(wide, uniseg.StringWidth(r[0]))
	}
	fmt.Fprintf(w, "\n%s：\n", title)
	for _, r := range rows {
		fmt.Fprintf(w, "  %s%s   %s\n", r[0], strings.Repeat(" ", wide-uniseg.StringWidth(r[0])), r[1])
	}
}

func synopsis(ctx *kong.Context, node *kong.Node) string {
	parts := []string{node.FullPath()}
	if node == ctx.Model.Node {
		parts = []string{ctx.Model.Name}
	}
	for _, p := range node.Positional {
		parts = append(parts, bracketed(p))
	}
	if len(node.Children) > 0 {
		parts = append(parts, "<命令>")
	}
	return strings.Join(append(parts, "[选项]"), " ")
}

// argument names an argument in our words: by its placeholder, or by what its help
// says first.
func argument(p *kong.Positional) string {
	word := p.Tag.PlaceHolder
	if end := strings.IndexAny(p.Help, "，；：（。"); word == "" && end > 0 {
		word = p.Help[:end]
	}
	return cmp.Or(word, p.Help, p.Name)
}

// bracketed is an argument as the usage line shows it.
func bracketed(p *kong.Positional) string {
	text := "<" + argument(p) + ">"
	if p.IsCumulative() {
		text += " …"
	}
	if !p.Required {
		text = "[" + text + "]"
	}
	return text
}

// placeholders are the parser's words for what an option takes, and ours.
var placeholders = map[string]string{"STRING": "文字", "INT": "数", "INT64": "数"}

func option(f *kong.Flag) string {
	text := "--" + f.Name
	if f.Short != 0 {
		text = "-" + string(f.Short) + ", " + text
	}
	if f.IsBool() {
		return text
	}
	word := f.FormatPlaceHolder()
	if ours := placeholders[word]; ours != "" {
		word = ours
	}
	return text + "=" + word
}

// explained is what an option is for, whether it has to be given, and what
// holds where it is not.
func explained(f *kong.Flag) string {
	text := f.Help
	if f.Name == "help" {
		text = "显示用法"
	}
	var notes []string
	switch {
	case f.Required && len(f.Xor) > 0:
		notes = append(notes, "必填其一")
	case f.Required:
		notes = append(notes, "必填")
	}
	if f.HasDefault && f.PlaceHolder != "" {
		notes = append(notes, "默认 "+f.Default)
	}
	for _, env := range f.Envs {
		notes = append(notes, "环境变量 "+env)
	}
	if len(notes) == 0 {
		return text
	}
	return strings.TrimSuffix(text, "。") + "（" + strings.Join(notes, "，") + "）"
}
