using FollowUp.EmbeddedHost.Engine;

namespace FollowUp.Workflows.Tests;

/// <summary>
/// Plays every scene, and replays what came of it. With <c>FOLLOWUP_RECORD_HISTORIES</c> set it also keeps the histories, in the folder of the version
/// that is started now: see README.md here.
/// </summary>
public class SceneTests
{
    private static readonly bool Records = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("FOLLOWUP_RECORD_HISTORIES"));

    public static TheoryData<string> Names() => [.. Scenes.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_a_scene_leaves_behind_is_followed_by_the_code_that_played_it(string scene)
    {
        await using var clinic = await ClinicUnderTest.OpenAsync();
        await Scenes.All[scene](clinic);
        using var file = HistoryFile.Open(clinic.EngineFile);
        var histories = file.Read(ended: true).ToList();

        var replay = new HistoryReplay(RecordedHistories.Registry());
        Assert.NotEmpty(histories);
        Assert.All(histories, history => Assert.Null(replay.FindDifference(history)));
        if (Records)
        {
            Record(scene, histories);
        }
    }

    private static void Record(string scene, IEnumerable<RecordedHistory> histories)
    {
        var folder = new DirectoryInfo(Path.Combine(RecordedHistories.Folder, RecordedHistories.Version, scene));
        if (folder.Exists)
        {
            folder.Delete(recursive: true);
        }

        folder.Create();
        foreach (var orchestrator in histories.GroupBy(history => history.Orchestrator))
        {
            // What has the same events in the same order is replayed the same.
            foreach (var (number, history) in orchestrator.DistinctBy(Shape).Index())
            {
                File.WriteAllText(Path.Combine(folder.FullName, $"{orchestrator.Key}-{number + 1}.json"), history.ToJson() + "\n");
            }
        }
    }

    private static string Shape(RecordedHistory history) => string.Join('\n', history.ToJson().Split('\n')
        .Where(line => line.Contains("\"Kind\"", StringComparison.Ordinal) || line.Contains("\"Name\"", StringComparison.Ordinal)));
}
