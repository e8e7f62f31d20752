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
