namespace FollowUp.Cli.Backups;

/// <summary>A folder of backups, of which the newest few are kept.</summary>
internal static class BackupFolder
{
    private const string Prefix = "followup-";
    private const string Suffix = ".backup.zip";

    /// <summary>A name that sorts by time.</summary>
    public static string NameAt(DateTimeOffset time) => $"{Prefix}{time.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}{Suffix}";

    /// <summary>Deletes all but the newest.</summary>
    /// <returns>How many were deleted.</returns>
    public static int Prune(string folder, int keep)
    {
        string[] old = [.. Directory.GetFiles(folder, $"{Prefix}*{Suffix}").OrderDescending(StringComparer.Ordinal).Skip(keep)];
        foreach (string file in old)
        {
            File.Delete(file);
        }

        return old.Length;
    }
}
