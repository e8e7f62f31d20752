Option Explicit

' Starts Python for the open form and returns at once; Python then talks to the workbook by itself.
' Cells of the sheet whose code name is Settings: E1 the interpreter, E2 and E3 the sentences shown here.

Public Sub StartWithFile(ByVal action As String)
    Dim chosen As Variant
    chosen = Application.GetOpenFilename()
    If VarType(chosen) = vbString Then StartOn action, chosen
End Sub

' Where there is no such dialog, Python says where to type the folder's path.
Public Sub StartWithFolder(ByVal action As String)
    Dim picker As Object
    On Error Resume Next
    Set picker = Application.FileDialog(4)
    On Error GoTo 0
    If picker Is Nothing Then
        StartOn action, ""
    ElseIf picker.Show = -1 Then
        StartOn action, picker.SelectedItems(1)
    End If
End Sub

Public Sub Start(ByVal action As String)
    StartOn action, ""
End Sub

Public Sub StartOn(ByVal action As String, ByVal chosen As String)
    Dim rest As String
    rest = " -P -m xlpkg.live " & action & " " & Quoted(FullNameOf(Form()))
    If chosen <> "" Then rest = rest & " " & Quoted(chosen)
    Application.StatusBar = Settings.Range("E2").Value
    If Started(Quoted(Settings.Range("E1").Value), rest) Then Exit Sub
    If Started(Quoted(Configured()), rest) Then Exit Sub
    If Started("pyw -3", rest) Then Exit Sub
    If Started("pythonw", rest) Then Exit Sub
    If Application.PathSeparator = "/" Then
        If Started("python3", rest) Then Exit Sub
    End If
    Application.StatusBar = False
    MsgBox Settings.Range("E3").Value, vbExclamation
End Sub

' The form itself; from the add-in, the form in front.
Private Function Form() As Object
    Dim inAddin As Boolean
    On Error Resume Next
    inAddin = ThisWorkbook.IsAddin
    Set Form = ThisWorkbook
    If inAddin Then Set Form = ActiveWorkbook
End Function

' Path and Name, because FullName lacks the folder in LibreOffice.
Private Function FullNameOf(ByVal book As Object) As String
    If book Is Nothing Then Exit Function
    FullNameOf = book.Name
    If book.Path <> "" Then FullNameOf = book.Path & Application.PathSeparator & book.Name
End Function

Private Function Started(ByVal program As String, ByVal rest As String) As Boolean
    If program = "" Then Exit Function
    On Error Resume Next
    Shell program & rest, vbHide
    Started = (Err.Number = 0)
End Function

' The interpreter of the user's xlwings.conf: a line "INTERPRETER_WIN","path" (INTERPRETER_MAC elsewhere).
Private Function Configured() As String
    Dim home As String, key As String, text As String, file As Integer
    On Error GoTo Missing
    home = Environ("USERPROFILE")
    key = """INTERPRETER_WIN"","""
    If Application.PathSeparator = "/" Then
        home = Environ("HOME")
        key = """INTERPRETER_MAC"","""
    End If
    file = FreeFile
    Open home & Application.PathSeparator & ".xlwings" & Application.PathSeparator & "xlwings.conf" For Input As #file
    Do While Not EOF(file)
        Line Input #file, text
        If Left(text, Len(key)) = key Then Configured = Replace(Mid(text, Len(key) + 1), """", "")
    Loop
    Close #file
Missing:
End Function

Private Function Quoted(ByVal text As String) As String
    If text <> "" Then Quoted = """" & text & """"
End Function
