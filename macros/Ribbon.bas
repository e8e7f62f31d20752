Option Explicit

' Callbacks of customUI14.xml. Office hands over the control; late bound, so that no reference is needed.

Public Sub RibbonCheck(ByVal control As Object)
    Launcher.Start "check"
End Sub

Public Sub RibbonFix(ByVal control As Object)
    Launcher.Start "fix"
End Sub

Public Sub RibbonNext(ByVal control As Object)
    Launcher.Start "next"
End Sub

Public Sub RibbonSubmit(ByVal control As Object)
    Launcher.Start "submit"
End Sub

Public Sub RibbonClear(ByVal control As Object)
    Launcher.Start "clear"
End Sub

Public Sub RibbonImport(ByVal control As Object)
    Launcher.StartWithFile "import"
End Sub

Public Sub RibbonMonitor(ByVal control As Object)
    Launcher.Start "monitor"
End Sub

Public Sub RibbonEvaluate(ByVal control As Object)
    Launcher.Start "evaluate"
End Sub

Public Sub RibbonPick(ByVal control As Object)
    Launcher.Start "pick"
End Sub
