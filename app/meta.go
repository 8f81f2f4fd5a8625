package main

import (
	"os"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"anxin/assets"
)

// What FyneApp.toml says, for a program that lies away from it.
const (
	appID      = "cn.anxin.desktop"
	appName    = "安薪"
	appVersion = "0.1.0"
	appBuild   = 1
)

// watchVariable, set to anything, has the toolkit tell of every widget that is
// touched from another goroutine than the window's. It looks at the stack for
// each change of a widget to know, a fifth of the time a list takes to scroll,
// so that it is kept to our own runs.
const watchVariable = "ANXIN_WATCH"

func describe() { app.SetMetadata(metadata(os.Getenv(watchVariable) != "")) }

func metadata(watched bool) fyne.AppMetadata {
	return fyne.AppMetadata{ID: appID, Name: appName, Version: appVersion, Build: appBuild,
		Icon: fyne.NewStaticResource("Icon.png", assets.Icon), Migrations: map[string]bool{"fyneDo": !watched}}
}
