using Spectre.Console;

namespace FollowUp.Cli.Commands;

/// <summary>The console that commands show things on.</summary>
internal static class Screen
{
    // Into a file or a pipe goes plain text, without colours and without a line that rewrites itself.
    public static IAnsiConsole Create() => Console.IsOutputRedirected
        ? AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No })
        : AnsiConsole.Console;
}
