Option Explicit

' Starts Python for the open form and returns at once; Python then talks to the workbook by itself.
' Cells of the sheet whose code name is Settings: E1 an interpreter, E2 and E3 the sentences shown here.

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
    Dim program As String, rest As String
    rest = " -P -m xlpkg.live " & action & " " & Quoted(FullNameOf(Form()))
    If chosen <> "" Then rest = rest & " " & Quoted(chosen)
    program = Interpreter()
    If program <> "" Then
        Application.StatusBar = Settings.Range("E2").Value
        If Started(Quoted(program) & rest) Then Exit Sub
        Application.StatusBar = False
    End If
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

Private Function Started(ByVal words As String) As Boolean
    On Error Resume Next
    Shell words, vbHide
    Started = (Err.Number = 0)
End Function

' The whole path of the first that is there: the kit's, the one that the user's xlwings.conf names, one on PATH.
' Shell is never left to look for a name: it looks into the current folder first, where a file from a mail may lie.
' A form that came by mail must not say which program is started: E1 counts only if the user's xlwings.conf says so.
Private Function Interpreter() As String
    If Configured("XLPKG_FORM_INTERPRETER") = "1" Then Interpreter = Existing(Settings.Range("E1").Value)
    If Interpreter = "" Then Interpreter = OfKit()
    If Interpreter = "" And OnWindows() Then Interpreter = Existing(Configured("INTERPRETER_WIN"))
    If Interpreter = "" And Not OnWindows() Then Interpreter = Existing(Configured("INTERPRETER_MAC"))
    If Interpreter = "" Then Interpreter = OnPath()
End Function

' The kit: LOCALAPPDATA\xlpkg\current.txt names the folder of the version in use.
Private Function OfKit() As String
    Dim home As String
    home = Environ("LOCALAPPDATA")
    If home = "" Then Exit Function
    home = Joined(home, "xlpkg")
    OfKit = Existing(Joined(Joined(home, FirstLine(Joined(home, "current.txt"))), "pythonw.exe"))
End Function

' A Python on PATH that has this package: our xlpkg lies beside it or in its Scripts.
Private Function OnPath() As String
    Dim folder As Variant
    If OnWindows() Then
        For Each folder In Split(Environ("PATH"), ";")
            If Existing(Joined(folder, "xlpkg.exe")) & Existing(Joined(folder, "Scripts\xlpkg.exe")) <> "" Then
                OnPath = Existing(Joined(folder, "pythonw.exe"))
                If OnPath <> "" Then Exit Function
            End If
        Next
    Else
        For Each folder In Split(Environ("PATH"), ":")
            If Existing(Joined(folder, "xlpkg")) <> "" Then
                OnPath = Existing(Joined(folder, "python3"))
                If OnPath <> "" Then Exit Function
            End If
        Next
    End If
End Function

Private Function OnWindows() As Boolean
    OnWindows = (Application.PathSeparator = "\")
End Function

Private Function Joined(ByVal folder As String, ByVal name As String) As String
    Joined = folder & Application.PathSeparator & name
End Function

' The path if it is a whole one and a file is there, else nothing.
Private Function Existing(ByVal path As String) As String
    On Error GoTo Missing
    If Left(path, 1) <> "/" And Left(path, 2) <> "\\" And Mid(path, 2, 2) <> ":\" Then Exit Function
    If Dir(path) <> "" Then Existing = path
Missing:
End Function

Private Function FirstLine(ByVal path As String) As String
    Dim text As String, file As Integer
    On Error GoTo Missing
    file = FreeFile
    Open path For Input As #file
    Line Input #file, text
    Close #file
    FirstLine = text
Missing:
End Function

' What the user's xlwings.conf says: a line "KEY","value". VBA reads it in the ANSI code page (not tried).
Private Function Configured(ByVal key As String) As String
    Dim home As String, text As String, file As Integer
    On Error GoTo Missing
    home = Environ("HOME")
    If OnWindows() Then home = Environ("USERPROFILE")
    key = """" & key & ""","""
    file = FreeFile
    Open Joined(Joined(home, ".xlwings"), "xlwings.conf") For Input As #file
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
