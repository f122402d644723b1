using System.Text.Json;
using FollowUp.Cli.Demo.Playing;

namespace FollowUp.Cli.Demo.Story;

/// <summary>The clinic's staff at their desk: twice a working day they read the inbox, answer, and settle alerts.</summary>
internal static class FrontDesk
{
    private const string Nurse = "Nurse Joy";

    /// <summary>Writes the desk's work of every working day up to yesterday's evening; what came after that waits for the visitor.</summary>
    public static void Work(Script script)
    {
        for (int day = CourseWriter.FirstDay; day < 0; day++)
        {
            if (script.Calendar.WorkingDay(day) == day)
            {
                script.At(script.Calendar.At(day, 12, 30), (stage, stop) => ClearAsync(stage, script.Clinic, stop));
                script.At(script.Calendar.At(day, 16, 45), (stage, stop) => ClearAsync(stage, script.Clinic, stop));
            }
        }
    }

    private static async Task ClearAsync(Stage stage, string clinic, CancellationToken stop)
    {
        foreach (JsonElement text in await stage.ListAsync($"clinics/{clinic}/inbox?unread=true&limit=200", stop))
        {
            string message = text.GetProperty("message").GetString()!;
            string path = $"clinics/{clinic}/inbox/{message}";
            await (Reply(text) is { } reply
                ? stage.PostAsync($"{path}/reply", new { by = Nurse, text = reply }, stop)
                : stage.PostAsync($"{path}/read", new { by = Nurse }, stop));
        }

        foreach (JsonElement alert in await stage.ListAsync($"clinics/{clinic}/alerts?open=true&limit=200", stop))
        {
            await stage.PostAsync($"clinics/{clinic}/alerts/{alert.GetProperty("alert").GetInt64()}/acknowledgement", new { by = Nurse }, stop);
        }
    }

    // A question is answered; the rest is settled by phone, or needs no answer.
    private static string? Reply(JsonElement text) =>
        text.GetProperty("text").GetString()!.Contains('?', StringComparison.Ordinal)
            && text.GetProperty("patient").ValueKind == JsonValueKind.String
            && !text.GetProperty("redFlag").GetBoolean()
            ? "Thank you for asking! The short answer is on the sheet we gave you; if anything is unclear, just call us."
            : null;
}
