package main

import (
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

func describe() {
	app.SetMetadata(fyne.AppMetadata{ID: appID, Name: appName, Version: appVersion, Build: appBuild,
		Icon: fyne.NewStaticResource("Icon.png", assets.Icon)})
}
