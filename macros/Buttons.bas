Option Explicit

' One button of the sheet, one Sub. What it does is said in Python: xlpkg.live ACTION FULLNAME.

Public Sub CheckForm()
    Launcher.Start "check"
End Sub

Public Sub FixForm()
    Launcher.Start "fix"
End Sub

Public Sub NextCell()
    Launcher.Start "next"
End Sub

Public Sub SubmitForm()
    Launcher.Start "submit"
End Sub

Public Sub ClearMarks()
    Launcher.Start "clear"
End Sub

Public Sub ImportForm()
    Launcher.StartWithFile "import"
End Sub

Public Sub MonitorForm()
    Launcher.Start "monitor"
End Sub

Public Sub EvaluateForm()
    Launcher.Start "evaluate"
End Sub

Public Sub PickRows()
    Launcher.Start "pick"
End Sub
