using FollowUp.EmbeddedHost.Engine;

namespace FollowUp.Workflows.Tests;

/// <summary>Not a test: records what <see cref="Scenes"/> play, into the folder of the version that is started now. See README.md here.</summary>
public class RecordHistories
{
    [Fact(Explicit = true)]
    public async Task Record_the_histories_of_this_version()
    {
        var version = Path.Combine(RecordedHistories.Folder, RecordedHistories.Version);
        if (Directory.Exists(version))
        {
            Directory.Delete(version, recursive: true);
        }

        foreach (var (name, play) in Scenes.All)
        {
            await using var clinic = await ClinicUnderTest.OpenAsync();
            await play(clinic);
            var folder = Directory.CreateDirectory(Path.Combine(version, name));
            using var file = HistoryFile.Open(clinic.EngineFile);
            foreach (var orchestrator in file.Read(ended: true).GroupBy(history => history.Orchestrator))
            {
                // What has the same events in the same order is replayed the same.
                foreach (var (history, number) in orchestrator.DistinctBy(Shape).Select((history, index) => (history, index + 1)))
                {
                    await File.WriteAllTextAsync(Path.Combine(folder.FullName, $"{orchestrator.Key}-{number}.json"), history.ToJson() + "\n");
                }
            }
        }
    }

    private static string Shape(RecordedHistory history) => string.Join('\n', history.ToJson().Split('\n')
        .Where(line => line.Contains("\"Kind\"", StringComparison.Ordinal) || line.Contains("\"Name\"", StringComparison.Ordinal)));
}
