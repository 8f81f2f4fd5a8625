package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/alecthomas/kong"
)

// complaints are the words the parser of the command line begins with, and
// ours for them.
var complaints = []struct{ theirs, ours string }{
	{"missing flags: ", "缺少参数 "},
	{"unknown flag ", "没有这个参数 "},
	{"unexpected argument ", "多余的内容 "},
	{"expected one of ", "应为下列命令之一："},
	{"expected ", "还应写明 "},
}

// inWords says in Chinese what is wrong with a command line.
func inWords(err error) string {
	text := err.Error()
	for _, c := range complaints {
		if rest, ok := strings.CutPrefix(text, c.theirs); ok {
			return c.ours + rest
		}
	}
	return text
}

// help prints how a command is called.
func help(_ kong.HelpOptions, ctx *kong.Context) error {
	node := ctx.Selected()
	if node == nil {
		node = ctx.Model.Node
	}
	w := tabwriter.NewWriter(ctx.Stdout, 0, 0, 3, ' ', 0)
	fmt.Fprintf(w, "用法：%s\n\n%s\n", usage(ctx, node), node.Help)
	if len(node.Children) > 0 {
		fmt.Fprintln(w, "\n命令：")
		for _, c := range node.Children {
			fmt.Fprintf(w, "  %s\t%s\n", c.Name, c.Help)
		}
	}
	if len(node.Positional) > 0 {
		fmt.Fprintln(w, "\n内容：")
		for _, p := range node.Positional {
			fmt.Fprintf(w, "  %s\t%s\n", p.Summary(), p.Help)
		}
	}
	fmt.Fprintln(w, "\n参数：")
	for _, group := range node.AllFlags(true) {
		for _, f := range group {
			text := f.Help
			if f.Name == "help" {
				text = "显示用法。"
			}
			fmt.Fprintf(w, "  %s\t%s\n", f.String(), text)
		}
	}
	return w.Flush()
}

func usage(ctx *kong.Context, node *kong.Node) string {
	parts := []string{node.FullPath()}
	if node == ctx.Model.Node {
		parts = []string{ctx.Model.Name}
	}
	for _, p := range node.Positional {
		parts = append(parts, p.Summary())
	}
	if len(node.Children) > 0 {
		parts = append(parts, "<命令>")
	}
	return strings.Join(append(parts, "[参数]"), " ")
}
