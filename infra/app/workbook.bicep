// The page that an operator opens first: what is sent, what fails, what is slow.

@description('Region of the workbook.')
param location string

@description('Tags of the workbook.')
param tags object

@description('Id of the Log Analytics workspace that it reads.')
param workspaceId string

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'followup-operations')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'FollowUp operations'
    category: 'workbook'
    sourceId: workspaceId
    serializedData: replace(loadTextContent('../workbook.json'), '{workspaceId}', workspaceId)
    version: '1.0'
  }
}

output name string = workbook.name
