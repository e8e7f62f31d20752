Option Explicit

' The buttons of the receiver's workbook. What they do is said in Python: xlpkg.live ACTION FULLNAME [FOLDER].

Public Sub ChooseFolder()
    Launcher.StartWithFolder "choose"
End Sub

Public Sub CollectFolder()
    Launcher.Start "collect"
End Sub

Public Sub WriteLetters()
    Launcher.Start "letters"
End Sub

Public Sub MonitorFolder()
    Launcher.Start "monitor_folder"
End Sub

Public Sub EvaluateFolder()
    Launcher.Start "evaluate_folder"
End Sub
