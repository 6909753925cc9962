@echo off
rem Builds a demo if its jar is missing or older than its sources, then starts it. See run for other systems.
setlocal EnableExtensions DisableDelayedExpansion

set "ROOT=%~dp0"
set "SELF=%~f0"
set "ATTRIBUTES=%~a0"
rem The checkout is where this file is, not where a link to it is; the ninth attribute says whether it is one.
if "%ATTRIBUTES:~8,1%"=="l" for /f "delims=" %%r in ('powershell -NoProfile -NonInteractive -Command "$file = Get-Item -LiteralPath $env:SELF; while ($file.LinkType) { $file = Get-Item -LiteralPath ([IO.Path]::Combine($file.DirectoryName, @($file.Target)[0])) }; $file.DirectoryName"') do set "ROOT=%%r\"
set "NAME=%~1"
set "ARGS="
if "%NAME%"=="" goto :usage
if "%NAME%"=="-h" goto :help
if "%NAME%"=="--help" goto :help
if "%NAME%"=="help" goto :help
if "%NAME%"=="greeting" set "DEMO=greeting-demo" & goto :known
if "%NAME%"=="http" set "DEMO=http-demo" & goto :known
rem With no further word the chat is for browsers too.
if "%NAME%"=="chat" if [%2]==[] set "ARGS=--web 5006"
if "%NAME%"=="chat" set "DEMO=chat-demo" & goto :known
if "%NAME%"=="client" set "DEMO=chat-demo" & set "ARGS=client" & goto :known
echo run: unknown demo: %NAME% (expected: greeting, http, chat or client) 1>&2
exit /b 2

:known
if not exist "%ROOT%%DEMO%\pom.xml" (
  echo run: this checkout does not contain %DEMO% 1>&2
  exit /b 2
)

rem "shift" leaves %* as it was, so the flags are put together one by one, with the quotes that they came in.
:flags
shift
if [%1]==[] goto :java
set ARGS=%ARGS% %1
goto :flags

:java
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java.exe"
set "VERSION="
rem The line reads: openjdk version "17.0.15" 2025-04-15
for /f "tokens=3" %%v in ('call "%JAVA%" -version 2^>^&1 ^| findstr /c:" version "') do if not defined VERSION set "VERSION=%%~v"
if not defined VERSION (
  echo run: no java found ^(expected: a JDK 17 or newer, on the PATH or in JAVA_HOME^) 1>&2
  exit /b 1
)
for /f "tokens=1 delims=.-+" %%m in ("%VERSION%") do set "MAJOR=%%m"
if %MAJOR% LSS 17 (
  echo run: Java: %VERSION% ^(expected: a JDK 17 or newer^) 1>&2
  exit /b 1
)

set "JAR=%ROOT%%DEMO%\target\%DEMO%.jar"
if not exist "%JAR%" goto :build
rem cmd cannot compare times; PowerShell, which the Maven wrapper needs too, ends with 1 if a source is newer.
powershell -NoProfile -NonInteractive -Command "$built = (Get-Item -LiteralPath $env:JAR).LastWriteTimeUtc; $parts = 'pom.xml', 'core\pom.xml', 'core\src\main', 'demo-support\pom.xml', 'demo-support\src\main', ($env:DEMO + '\pom.xml'), ($env:DEMO + '\src\main'); foreach ($part in $parts) { $path = $env:ROOT + $part; if (@(Get-Item -LiteralPath $path; Get-ChildItem -LiteralPath $path -Recurse) | Where-Object { $_.LastWriteTimeUtc -gt $built }) { exit 1 } }; exit 0"
if not errorlevel 1 goto :start

:build
echo run: building %DEMO%; the first time, Maven and libraries are downloaded, which can take minutes 1>&2
if not exist "%ROOT%%DEMO%\target" mkdir "%ROOT%%DEMO%\target"
set "STARTED=%ROOT%%DEMO%\target\run-started"
set "SUCCEEDED=%ROOT%%DEMO%\target\run-succeeded"
if exist "%SUCCEEDED%" del "%SUCCEEDED%"
type nul > "%STARTED%"
rem What only guards the quality of the sources is verify's work. Of what Maven prints, the modules that it builds and errors are shown.
(call "%ROOT%mvnw.cmd" -B -ntp -f "%ROOT%pom.xml" -pl %DEMO% -am -Dmaven.test.skip=true -Denforcer.skip package 2>&1 && type nul > "%SUCCEEDED%") | findstr /v /r /c:"^$" /c:"^ " /c:"^\[WARNING\]" /c:"^WARNING:" /c:"^\[INFO\] [^B]" /c:"^\[INFO\] *$" /c:"^\[INFO\] BUILD" 1>&2
if not exist "%SUCCEEDED%" (
  echo run: building %DEMO% failed ^(it needs a JDK 17 or newer, and Maven Central the first time^) 1>&2
  exit /b 1
)
rem Maven leaves a jar alone that would not change. Sources that changed during the build are newer than this.
powershell -NoProfile -NonInteractive -Command "(Get-Item -LiteralPath $env:JAR).LastWriteTimeUtc = (Get-Item -LiteralPath $env:STARTED).LastWriteTimeUtc"
del "%STARTED%" "%SUCCEEDED%"

:start
"%JAVA%" -jar "%JAR%" %ARGS%
exit /b %ERRORLEVEL%

:usage
echo usage: run greeting^|http^|chat^|client [flags]     ^(run greeting --help lists the flags^) 1>&2
exit /b 2

:help
echo usage: run greeting^|http^|chat^|client [flags]     ^(run greeting --help lists the flags^)
exit /b 0
